import type { Platform } from '@/lib/contracts';
import { DEMO_APPS, type DemoApp } from '../../demo-apps';
import { PLACES, type Place } from '../places';
import { DAY_MS, weekdayFactor } from './rhythm';

/** What was asked for. */
export interface BackfillArguments {
  readonly seed: number;
  readonly days: number;
  readonly events: number;
}

/** How the members of a cohort behave. */
export type Habit = 'people' | 'farm' | 'attack';

/** Devices that have much in common. */
export interface Cohort {
  readonly id: string;
  readonly app: DemoApp;
  readonly place: Place;
  readonly platform: Platform;
  readonly habit: Habit;
  readonly devices: number;
}

/** Some devices of a cohort. */
export interface Slice {
  readonly cohort: Cohort;
  readonly from: number;
  readonly to: number;
}

/** What happens in the history besides every day's business. Times in milliseconds. */
export interface Incidents {
  /** When the current version of the bank's app came out, with a self-check that misfires on one version of iOS. */
  readonly misfire: { readonly fromMs: number; readonly toMs: number; readonly osVersion: string };
  /** Repackaged apps, from servers, within hours. */
  readonly attack: { readonly fromMs: number; readonly toMs: number };
  /** Phones on a rack, day and night. */
  readonly farm: { readonly fromMs: number; readonly toMs: number };
}

/** The history that arguments make, up to an instant. The same arguments make the same one. */
export interface Plan {
  readonly arguments: BackfillArguments;
  /** Midnight (UTC) of the first day. */
  readonly startMs: number;
  readonly endMs: number;
  /** Days of the history, the last one unfinished. */
  readonly dayCount: number;
  readonly incidents: Incidents;
  /** What is written in one transaction, on each day. */
  readonly chunks: readonly (readonly Slice[])[];
}

/** Share of devices that are there from the start; the others come evenly. */
export const THERE_FROM_THE_START = 0.62;
/** Attestations of a person's device on a day on which it is used, and the share of days on which it is. */
export const EVENTS_PER_ACTIVE_DAY = 7.9;
export const ACTIVE_DAYS = 0.55;
export const FARM_EVENTS_PER_DAY = 24;
export const ATTEMPTS_PER_ATTACKER = 40;

const APP_SHARES = [0.7, 0.3] as const;
const ATTACK_SHARE = 0.012;
const FARM_SHARE = 0.012;
/** Devices of one chunk: some thousand events a day. */
const CHUNK_DEVICES = 2_500;

/** Works out the history. @param endMs - the instant up to which it goes */
export function makePlan(asked: BackfillArguments, endMs: number): Plan {
  const startMs = Math.floor(endMs / DAY_MS) * DAY_MS - asked.days * DAY_MS;
  const dayCount = asked.days + 1;
  const incidents = incidentsOf(startMs, endMs);
  const cohorts = [
    ...peopleOf(asked.events, startMs, endMs, dayCount),
    ...hostileOf(asked.events, incidents),
  ];
  return { arguments: asked, startMs, endMs, dayCount, incidents, chunks: chunksOf(cohorts) };
}

function incidentsOf(startMs: number, endMs: number): Incidents {
  const at = (share: number) => startMs + Math.floor((endMs - startMs) * share);
  const hours = (count: number) => count * (DAY_MS / 24);
  return {
    misfire: { fromMs: at(0.66), toMs: Math.min(at(0.66) + hours(44), endMs), osVersion: '26.6' },
    attack: { fromMs: at(0.42), toMs: Math.min(at(0.42) + hours(3), endMs) },
    farm: { fromMs: at(0.2), toMs: at(0.55) },
  };
}

function peopleOf(events: number, startMs: number, endMs: number, dayCount: number): Cohort[] {
  const weights = PLACES.reduce((sum, { weight }) => sum + weight, 0);
  const own = events * (1 - ATTACK_SHARE - FARM_SHARE);
  return DEMO_APPS.flatMap((app, index) => {
    const perDevice = eventsPerDevice(app.id, startMs, endMs, dayCount);
    return PLACES.flatMap((place) =>
      (['ios', 'android'] as const).map((platform): Cohort => {
        const share = platform === 'ios' ? place.ios : 1 - place.ios;
        const wanted = (own * (APP_SHARES[index] ?? 0) * (place.weight / weights) * share) / perDevice;
        const id = `${app.id} ${place.country} ${platform}`;
        return { id, app, place, platform, habit: 'people', devices: Math.max(1, Math.round(wanted)) };
      }),
    );
  });
}

/** Events that a device is expected to make: later days have more devices, the last one is unfinished. */
function eventsPerDevice(appId: string, startMs: number, endMs: number, dayCount: number): number {
  let activeDays = 0;
  for (let day = 0; day < dayCount; day++) {
    const dayMs = startMs + day * DAY_MS;
    const isThere = THERE_FROM_THE_START + (1 - THERE_FROM_THE_START) * ((day + 0.5) / dayCount);
    const passed = Math.min(1, (endMs - dayMs) / DAY_MS);
    activeDays += isThere * passed * Math.min(1, weekdayFactor(appId, dayMs)) * ACTIVE_DAYS;
  }
  return activeDays * EVENTS_PER_ACTIVE_DAY;
}

function hostileOf(events: number, { farm }: Incidents): Cohort[] {
  const [bank, driver] = DEMO_APPS;
  const [first] = PLACES;
  const farmPlace = PLACES.find(({ country }) => country === 'VN') ?? first;
  const farmDays = Math.max(1, (farm.toMs - farm.fromMs) / DAY_MS);
  const farmed = (events * FARM_SHARE) / (farmDays * FARM_EVENTS_PER_DAY);
  const attackers = (events * ATTACK_SHARE) / ATTEMPTS_PER_ATTACKER;
  return [
    {
      id: 'device farm',
      app: driver,
      place: farmPlace,
      platform: 'android',
      habit: 'farm',
      devices: Math.max(2, Math.round(farmed)),
    },
    {
      id: 'attack',
      app: bank,
      place: first,
      platform: 'android',
      habit: 'attack',
      devices: Math.max(1, Math.round(attackers)),
    },
  ];
}

/** Cuts the cohorts into chunks of about equal size; neighbours share a chunk, and many rollup rows. */
function chunksOf(cohorts: readonly Cohort[]): Slice[][] {
  const chunks: Slice[][] = [];
  let current: Slice[] = [];
  let room = CHUNK_DEVICES;
  for (const cohort of cohorts) {
    for (let from = 0; from < cohort.devices; ) {
      const to = Math.min(cohort.devices, from + room);
      current.push({ cohort, from, to });
      room -= to - from;
      from = to;
      if (room > 0) continue;
      chunks.push(current);
      current = [];
      room = CHUNK_DEVICES;
    }
  }
  return current.length > 0 ? [...chunks, current] : chunks;
}
