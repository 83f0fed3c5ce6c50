import { createHash, randomBytes } from 'node:crypto';
import type { AttestationDetail, Verdict } from '@/lib/contracts';
import { newId, newReference } from '@/lib/core';
import {
  type AttestationEvent,
  encodeDetail,
  type InstanceState,
  type PendingAttestation,
} from '@/lib/telemetry';

/*
 * Attestations as a fleet makes them, for benchmarks of the write path: what is common is very common, and little goes
 * wrong. Deterministic but for ids.
 */

const APPS = ['retail-bank', 'fleet-driver', 'field-service'];
const APP_VERSIONS = ['5.6.0', '5.5.2', '5.5.1', '5.4.0', '5.3.1', '5.2.0'];
const OS_VERSIONS = {
  ios: ['26.5', '26.4', '26.3', '18.7', '18.6'],
  android: ['16', '15', '14', '13', '12'],
} as const;
const MODELS = 30;
const COUNTRIES = ['PT', 'ES', 'FR', 'DE', 'GB', 'BR', 'IT', 'NL', 'PL', 'US', 'CH', 'IE'];
const THREATS = ['hooks', 'privileged_access', 'debugger', 'screenshot', 'unofficial_store'];
const VERDICTS: readonly Verdict[] = ['flagged', 'restricted', 'rejected'];
const VECTOR = {
  'instance-identity': 2,
  configuration: 2,
  executables: 2,
  'file-system': 0,
  hardware: 2,
  'runtime-opaque': 0,
  'storage-opaque': 2,
  'sourced-data': 0,
};

/** A device of the fleet, enrolled. */
export interface BenchDevice {
  readonly id: string;
  readonly appId: string;
  readonly platform: 'ios' | 'android';
  readonly appVersion: string;
  readonly osVersion: string;
  readonly model: string;
  readonly country: string;
  readonly networkPrefix: string;
  readonly addressHash: Buffer;
}

/** A small generator of numbers in [0, 1), the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of the values; the first half of them is taken most of the time. */
function skewed<Value>(values: readonly Value[], random: () => number): Value {
  const value = values[Math.floor(random() ** 2.5 * values.length)];
  if (value === undefined) throw new TypeError('There are no values.');
  return value;
}

/** `count` devices. */
export function makeDevices(count: number, random: () => number): BenchDevice[] {
  return Array.from({ length: count }, (_, index) => {
    const platform = random() < 0.45 ? 'ios' : 'android';
    const model = Math.floor(random() ** 2.5 * MODELS);
    const address = `${index & 255}.${(index >> 8) & 255}`;
    return {
      id: newId(Date.now()),
      appId: skewed(APPS, random),
      platform,
      appVersion: skewed(APP_VERSIONS, random),
      osVersion: skewed(OS_VERSIONS[platform], random),
      model: platform === 'ios' ? `iPhone${18 - (model >> 2)},${(model & 3) + 1}` : `Model ${model}`,
      country: skewed(COUNTRIES, random),
      networkPrefix: `203.${address}.0/24`,
      addressHash: createHash('sha256').update(address).digest().subarray(0, 16),
    };
  });
}

/** An attestation of a device, received at `atMs`, that settles as its event and its device's new state. */
export function makeAttestation(device: BenchDevice, atMs: number, random: () => number): PendingAttestation {
  const settled = { event: makeEvent(device, atMs, random), instance: null as InstanceState | null };
  const { event } = settled;
  settled.instance = {
    id: device.id,
    counter: null,
    verdict: event.verdict,
    vector: VECTOR,
    appVersion: device.appVersion,
    osVersion: device.osVersion,
    model: device.model,
    country: device.country,
    asn: event.asn,
    networkPrefix: device.networkPrefix,
    configVersion: 1,
    seenAtMs: atMs,
    enrolment: null,
  };
  return {
    receivedAtMs: atMs,
    challenge: { digest: randomBytes(32), expiresAtMs: atMs + 300_000 },
    claim: { id: device.id, counter: null, kind: 'attest' },
    settle: () => settled,
  };
}

function makeEvent(device: BenchDevice, atMs: number, random: () => number): AttestationEvent {
  const isFine = random() < 0.94;
  const verdict = isFine ? 'trusted' : skewed(VERDICTS, random);
  const threat = isFine ? null : skewed(THREATS, random);
  return {
    subjectId: device.id,
    receivedAtMs: atMs,
    id: newId(atMs),
    reference: newReference(),
    kind: 'attest',
    appId: device.appId,
    instanceId: device.id,
    verdict,
    decidingThreat: threat,
    decidingRule: threat === null ? null : `threat.${threat}`,
    policyVersion: 3,
    platform: device.platform,
    format: device.platform === 'ios' ? 'apple-app-attest' : 'android-key-attestation',
    environment: 'production',
    appVersion: device.appVersion,
    osVersion: device.osVersion,
    model: device.model,
    country: device.country,
    networkKind: random() < 0.95 ? 'access' : 'hosting',
    asn: 64_500 + Math.floor(random() * 40),
    networkPrefix: device.networkPrefix,
    addressHash: device.addressHash,
    threats: threat === null ? [] : [threat],
    detail: JSON.stringify(encodeDetail(detailOf(verdict, threat, device.platform))),
    latencyUs: Math.round(1_500 * 10 ** (random() * 0.9)),
  };
}

/** The checks of an attestation, as the service makes them. */
const CHECKS = {
  ios: [
    ['challenge', 'The challenge is ours, for this app, and in time.'],
    ['assertion_object_strict', 'An App Attest assertion in strict CBOR.'],
    ['authenticator_data', 'The authenticator data is well-formed.'],
    ['asserting_key', 'The enrolled key is a P-256 key.'],
    ['signature', 'The enrolled key signed the authenticator data and the client data.'],
    ['app_identity', 'The assertion is for this app.'],
    ['counter_rises', 'The counter rose from 41 to 42.'],
    ['enrolment_accepted', 'The app still accepts the enrolment.'],
    ['client_platform', 'The client names the platform of its evidence.'],
  ],
  android: [
    ['challenge', 'The challenge is ours, for this app, and in time.'],
    ['signature_encoding', 'The length of an ECDSA signature in DER.'],
    ['asserting_key', 'The enrolled key is a P-256 key.'],
    ['signature', 'The enrolled key signed the client data.'],
    ['enrolment_accepted', 'The app still accepts the enrolment.'],
    ['client_platform', 'The client names the platform of its evidence.'],
    ['revocation', 'No certificate is revoked.'],
  ],
} as const;

function detailOf(
  verdict: Verdict,
  threat: string | null,
  platform: BenchDevice['platform'],
): AttestationDetail {
  return {
    evidenceCode: null,
    checks: CHECKS[platform].map(([id, detail]) => ({ id, outcome: 'pass', detail })),
    appraisal: {
      verdict,
      decidingRule: threat === null ? null : `threat.${threat}`,
      decidingThreat: threat,
      matched:
        threat === null
          ? []
          : [{ rule: `threat.${threat}`, threat, response: 'flag', reason: 'The app reported it.' }],
      vector: VECTOR,
      smallestFlip: null,
      annotations: [],
    },
    signals: {
      found: threat === null ? [] : [threat],
      clear: ['hooks', 'privileged_access', 'debugger', 'simulator', 'unofficial_store', 'device_id_changed'],
      unknown: [],
    },
    claims: null,
    tokenId: newId(Date.now()),
  };
}
