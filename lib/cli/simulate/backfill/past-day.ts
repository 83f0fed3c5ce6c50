import type { EvidenceClaims, ThreatId } from '@/lib/contracts';
import { sha256, toBase64Url } from '@/lib/core';
import { instanceIdOf, type NetworkReader, type VerifiedFacts } from '@/lib/service';
import type { AddressBook } from '../networks';
import type { Random } from '../random';
import { deviceOf, isUsedOn, type PastDevice, versionAt } from './device';
import { type Moment, momentsOf } from './moments';
import { PastAttestation } from './past-attestation';
import type { Plan, Slice } from './plan';
import { DAY_MS } from './rhythm';
import { seeded, seededBytes } from './seeded';
import { clientOn, type Likeness, type Template, type Templates } from './templates';

/** What the history is made with. */
export interface Workshop {
  readonly plan: Plan;
  readonly addresses: AddressBook;
  readonly networks: NetworkReader;
  readonly templates: Templates;
}

/** Days after which an app renews its evidence, before its policy calls it stale. */
const RENEWAL_DAYS: Readonly<Record<string, number>> = { 'retail-bank': 6, 'fleet-driver': 25 };
/** Counters of a day lie in a range of their own, so that they rise whatever the days before held. */
const COUNTERS_PER_DAY = 64;

/** What apps find now and then on devices on which nothing is wrong. */
const NOW_AND_THEN: readonly (readonly [ThreatId, number])[] = [
  ['screenshot', 0.01],
  ['unsecure_wifi', 0.006],
  ['screen_recording', 0.003],
  ['hooks', 0.0015],
  ['debugger', 0.0004],
];
const MISFIRES = 0.97;

/** Every attestation of some devices on one day, in the order of time. */
export async function attestationsOf(
  workshop: Workshop,
  slices: readonly Slice[],
  day: number,
): Promise<PastAttestation[]> {
  const made: PastAttestation[] = [];
  for (const { cohort, from, to } of slices) {
    for (let index = from; index < to; index++) {
      const device = deviceOf(workshop.plan, cohort, index, workshop.addresses);
      if (!isUsedOn(workshop.plan, device, day)) continue;
      await attestOneDay(workshop, device, day, made);
    }
  }
  return made.sort((a, b) => a.receivedAtMs - b.receivedAtMs);
}

async function attestOneDay(
  workshop: Workshop,
  device: PastDevice,
  day: number,
  made: PastAttestation[],
): Promise<void> {
  const { plan, templates } = workshop;
  const random = seeded(plan.arguments.seed, `${device.name} day ${day}`);
  const enrolment = device.scenario.neverSettles === true ? null : enrolmentOf(plan, device, day);
  let settledKey: OwnKey | undefined;
  for (const [index, moment] of momentsOf(plan, device, day, random).entries()) {
    const likeness = likenessOf(plan, device, moment);
    const template = templates.peek(likeness) ?? (await templates.make(likeness));
    const settles = enrolment !== null && template.attestation !== null;
    const key =
      (settles ? settledKey : undefined) ??
      drawKey(workshop, device, template, settles ? `key ${enrolment.number}` : `${day} ${index}`);
    if (settles) settledKey = key;
    made.push(
      attestation(workshop, device, moment, {
        template,
        random,
        key,
        use: { index, day, enrolment: settles ? enrolment : null },
      }),
    );
  }
}

function drawKey(
  { plan }: Workshop,
  { name, cohort }: PastDevice,
  { enrolment }: Template,
  of: string,
): OwnKey {
  const drawn = seededBytes(plan.arguments.seed, `${name} ${of}`);
  return ownKey(cohort.app.id, enrolment.verified.claims, drawn);
}

/** How a moment of a device stands to its enrolment. */
interface Use {
  /** Place among the day's moments. */
  readonly index: number;
  readonly day: number;
  /** `null` where the device enrols each time. */
  readonly enrolment: Enrolment | null;
}

interface Enrolment {
  /** How many came before it on this device. */
  readonly number: number;
  /** Day on which it is made: the first of its time on which the device is used. */
  readonly day: number;
}

function enrolmentOf(plan: Plan, device: PastDevice, day: number): Enrolment {
  const days = RENEWAL_DAYS[device.cohort.app.id] ?? 6;
  const number = Math.floor((day - device.joinDay) / days);
  let first = Math.max(0, device.joinDay + number * days);
  while (first < day && !isUsedOn(plan, device, first)) first += 1;
  return { number, day: first };
}

function likenessOf(plan: Plan, device: PastDevice, { atMs }: Moment): Likeness {
  const { cohort, scenario, osVersion } = device;
  const { app, platform } = cohort;
  return {
    app,
    platform,
    osVersion,
    evidence: scenario.evidence,
    appVersion: versionAt(plan, device, atMs),
  };
}

function attestation(
  { plan, templates, networks }: Workshop,
  device: PastDevice,
  moment: Moment,
  { template, random, key, use }: { template: Template; random: Random; key: OwnKey; use: Use },
): PastAttestation {
  const { enrolment, day, index } = use;
  const isEnrolment = enrolment === null || (index === 0 && enrolment.day === day);
  const rehearsed = isEnrolment ? template.enrolment : (template.attestation ?? template.enrolment);
  const findings = findingsAt(plan, device, { moment, random, template });
  return new PastAttestation(
    {
      kind: isEnrolment ? 'enrol' : 'attest',
      entry: templates.entry(device.cohort.app),
      client: clientOn(rehearsed.client, device.model, findings),
      network: networks.read(device.addresses[moment.address]),
      atMs: moment.atMs,
      verified: ownFacts(rehearsed.verified, key, {
        counter: isEnrolment ? 0 : counterOf(use),
        evidenceAgeSeconds: isEnrolment ? 0 : ageOf(plan, moment, enrolment),
      }),
      challenge: isEnrolment ? key.challenge : null,
    },
    random,
  );
}

function ageOf({ startMs }: Plan, { atMs }: Moment, { day }: Enrolment): number {
  return Math.max(0, Math.floor((atMs - (startMs + day * DAY_MS)) / 1000));
}

function counterOf({ enrolment, day, index }: Use): number {
  return (day - (enrolment?.day ?? day)) * COUNTERS_PER_DAY + index + 1;
}

function findingsAt(
  { incidents: { misfire } }: Plan,
  { cohort, scenario, osVersion }: PastDevice,
  { moment: { atMs }, random, template }: { moment: Moment; random: Random; template: Template },
): readonly ThreatId[] {
  // Whoever repackages an app takes its self-checks out.
  if (cohort.habit !== 'people' || template.attestation === null) return scenario.findings;
  const found = NOW_AND_THEN.flatMap(([threat, share]) => (random.next() < share ? [threat] : []));
  const [bankVersion] = cohort.app.versions.slice(-1);
  const isMisfiring =
    cohort.app.id === 'retail-bank' &&
    cohort.platform === 'ios' &&
    osVersion === misfire.osVersion &&
    template.enrolment.client.appVersion === bankVersion &&
    atMs >= misfire.fromMs &&
    atMs < misfire.toMs;
  if (isMisfiring && random.next() < MISFIRES) found.push('hooks');
  return found.length === 0 ? scenario.findings : [...scenario.findings, ...found];
}

/** A key of a device's own, in the place of the one that its likeness presented. */
interface OwnKey {
  readonly spki: Buffer;
  readonly keyId: Buffer;
  readonly instanceId: string;
  readonly challenge: Buffer;
}

const POINT_BYTES = 64;

/** The likeness's key with a point of the device's own; nobody ever signs with it. */
function ownKey(appId: string, claims: EvidenceClaims | null, drawn: Buffer): OwnKey {
  const spki = Buffer.from(claims?.publicKey ?? '', 'base64url');
  const challenge = sha256(drawn);
  Buffer.concat([drawn, challenge]).copy(spki, Math.max(0, spki.length - POINT_BYTES));
  const keyId = sha256(spki);
  return { spki, keyId, instanceId: instanceIdOf(appId, toBase64Url(keyId)), challenge };
}

/** The facts of a likeness for a device with a key of its own. */
function ownFacts(
  facts: VerifiedFacts,
  { spki, keyId, instanceId }: OwnKey,
  own: { counter: number; evidenceAgeSeconds: number },
): VerifiedFacts {
  const { instance, claims } = facts;
  if (instance === null) return facts;
  const { evidenceAgeSeconds } = own;
  const counter = instance.counter === null ? null : own.counter;
  if (instance.enrolment === null || claims === null) {
    return { ...facts, evidenceAgeSeconds, instance: { ...instance, id: instanceId, counter } };
  }
  const ownClaims: EvidenceClaims = { ...claims, publicKey: toBase64Url(spki), keyId: toBase64Url(keyId) };
  const enrolment = { ...instance.enrolment, publicKey: spki, keyId, claims: JSON.stringify(ownClaims) };
  return {
    ...facts,
    claims: ownClaims,
    evidenceAgeSeconds,
    instance: { ...instance, id: instanceId, counter, enrolment },
  };
}
