import type { Platform } from '@/lib/contracts';
import type { DemoApp } from '../../demo-apps';
import { drawHardware } from '../hardware';
import type { AddressBook } from '../networks';
import { drawAddress } from '../populate';
import type { Random } from '../random';
import { SCENARIOS, type Scenario } from '../scenarios';
import { type Cohort, type Plan, THERE_FROM_THE_START } from './plan';
import { DAY_MS, weekdayFactor } from './rhythm';
import { chance, seeded } from './seeded';

/** A device of the history. It is drawn anew whenever it is needed, and is the same each time. */
export interface PastDevice {
  /** Unlike every other device's. */
  readonly name: string;
  readonly cohort: Cohort;
  readonly scenario: Scenario;
  readonly model: string;
  readonly osVersion: string;
  /** First day on which it is there. */
  readonly joinDay: number;
  /** Days between a release and its installation. */
  readonly upgradeDays: number;
  /** Share of days on which it is used. */
  readonly activity: number;
  /** At home, and on the way. */
  readonly addresses: readonly [string, string];
}

const [HONEST] = SCENARIOS;
/** Happens to a part of all devices here, and is no kind of device. */
const OF_THE_LIVE_FLEET: ReadonlySet<string> = new Set(['bad-release']);

const FARMED: Scenario = {
  id: 'device-farm',
  weight: 1,
  platforms: ['android'],
  evidence: 'genuine',
  findings: ['developer_mode', 'adb_enabled', 'automation', 'location_spoofing'],
};
const ATTACKER: Scenario = {
  id: 'attack',
  weight: 1,
  platforms: ['android'],
  evidence: 'repackaged',
  findings: [],
  neverSettles: true,
  from: [{ weight: 1, network: 'hosting' }],
};

/** Updates come by themselves within days; some people never take one. */
const MEAN_UPGRADE_DAYS = 2.2;
const NEVER_UPGRADE = 0.07;
const FARM_MODEL = { model: 'Redmi Note 13', osVersion: '14' };

/** Draws a device of a cohort. */
export function deviceOf(plan: Plan, cohort: Cohort, index: number, addresses: AddressBook): PastDevice {
  const { seed } = plan.arguments;
  const name = `${cohort.id} ${index}`;
  const random = seeded(seed, name);
  const scenario = scenarioOf(cohort, random);
  const hardware = cohort.habit === 'farm' ? FARM_MODEL : drawHardware(random, cohort.platform);
  const isOld = random.next() < THERE_FROM_THE_START;
  return {
    name,
    cohort,
    scenario,
    model: hardware.model,
    osVersion: scenario.osVersion ?? hardware.osVersion,
    joinDay: isOld ? -random.integer(60) : random.integer(plan.dayCount),
    upgradeDays:
      random.next() < NEVER_UPGRADE
        ? Number.POSITIVE_INFINITY
        : -Math.log(1 - random.next()) * MEAN_UPGRADE_DAYS,
    activity: 0.15 + 0.8 * random.next(),
    addresses: addressesOf(plan, cohort, { scenario, random, addresses }),
  };
}

function scenarioOf({ habit, app, platform }: Cohort, random: Random): Scenario {
  if (habit !== 'people') return habit === 'farm' ? FARMED : ATTACKER;
  return random.weighted(scenariosOf(app, platform));
}

const choices = new Map<string, readonly [Scenario, ...Scenario[]]>();

function scenariosOf(app: DemoApp, platform: Platform): readonly [Scenario, ...Scenario[]] {
  const key = `${app.id} ${platform}`;
  const known = choices.get(key);
  if (known !== undefined) return known;
  const others = SCENARIOS.slice(1).filter(
    ({ id, platforms, appIds }) =>
      !OF_THE_LIVE_FLEET.has(id) && platforms.includes(platform) && (appIds?.includes(app.id) ?? true),
  );
  const made: [Scenario, ...Scenario[]] = [HONEST, ...others];
  choices.set(key, made);
  return made;
}

function addressesOf(
  { arguments: { seed } }: Plan,
  { habit, place, id }: Cohort,
  { scenario, random, addresses }: { scenario: Scenario; random: Random; addresses: AddressBook },
): PastDevice['addresses'] {
  // A rack hangs on one line, an attack comes from a few servers of one hoster.
  if (habit === 'farm')
    return sameNetwork(addresses.home(seeded(seed, `${id} line v4`), place.country), random);
  if (habit === 'attack') return sameNetwork(addresses.hosting(seeded(seed, `${id} servers`)), random);
  const one = drawAddress(scenario, place, { random, addresses });
  return [one, drawAddress(scenario, place, { random, addresses })];
}

/** Two neighbours of an IPv4 address; the same address twice where it is IPv6. */
function sameNetwork(address: string, random: Random): PastDevice['addresses'] {
  const dot = address.lastIndexOf('.');
  if (dot < 0) return [address, address];
  const network = address.slice(0, dot);
  return [`${network}.${1 + random.integer(254)}`, `${network}.${1 + random.integer(254)}`];
}

/** Whether the device is used on a day. */
export function isUsedOn(plan: Plan, { name, cohort, joinDay, activity }: PastDevice, day: number): boolean {
  const dayMs = plan.startMs + day * DAY_MS;
  const { farm, attack } = plan.incidents;
  if (cohort.habit === 'attack') return attack.toMs > dayMs && attack.fromMs < dayMs + DAY_MS;
  if (cohort.habit === 'farm') return farm.toMs > dayMs && farm.fromMs < dayMs + DAY_MS;
  if (day < joinDay) return false;
  const factor = weekdayFactor(cohort.app.id, dayMs);
  return chance(plan.arguments.seed, `${name} used ${day}`) < activity * factor;
}

/** Releases of an app in the history, as shares of it; what came before the first was installed long ago. */
const RELEASES = [-0.2, 0.66];

/** The version that a device runs at an instant. */
export function versionAt(plan: Plan, { cohort, scenario, upgradeDays }: PastDevice, atMs: number): string {
  if (scenario.appVersion !== undefined) return scenario.appVersion;
  const [oldest, ...newer] = cohort.app.versions;
  const span = plan.endMs - plan.startMs;
  let version = oldest;
  newer.forEach((candidate, index) => {
    const releasedMs = plan.startMs + span * (RELEASES[index] ?? 0);
    if (releasedMs + upgradeDays * DAY_MS <= atMs) version = candidate;
  });
  return version;
}
