import type { TrustVector } from '@/lib/contracts';
import type { AttestationEvent, InstanceState, PendingAttestation } from '../rows';

/** An event of an ordinary attestation, with what a test changes. */
export function eventOf(changes: Partial<AttestationEvent> = {}): AttestationEvent {
  return {
    subjectId: '00000000-0000-7000-8000-000000000001',
    receivedAtMs: Date.UTC(2026, 10, 20, 9, 59, 30),
    id: '00000000-0000-7000-8000-000000000002',
    reference: '0000-0000',
    kind: 'attest',
    appId: 'retail-bank',
    instanceId: null,
    verdict: 'trusted',
    decidingThreat: null,
    decidingRule: null,
    policyVersion: 1,
    platform: 'ios',
    format: null,
    environment: 'production',
    appVersion: '5.4.0',
    osVersion: '26.5',
    model: 'iPhone18,1',
    country: null,
    networkKind: 'unknown',
    asn: null,
    networkPrefix: null,
    addressHash: null,
    threats: [],
    detail: '{}',
    latencyUs: 100,
    facts: null,
    shadowVerdict: null,
    ...changes,
  };
}

/** An attestation that settles as this event, whatever else happens. */
export function pendingOf(event: AttestationEvent): PendingAttestation {
  return {
    receivedAtMs: event.receivedAtMs,
    challenge: null,
    claim: null,
    settle: () => ({ event, instance: null }),
  };
}

const VECTOR: TrustVector = {
  'instance-identity': 2,
  configuration: 0,
  executables: 0,
  'file-system': 0,
  hardware: 2,
  'runtime-opaque': 0,
  'storage-opaque': 0,
  'sourced-data': 0,
};

/** What an attestation of this event makes of its instance. */
export function stateOf(event: AttestationEvent, counter: number | null = null): InstanceState {
  const { appVersion, osVersion, model, country, asn, networkPrefix, verdict, receivedAtMs } = event;
  return {
    id: event.subjectId,
    counter,
    verdict,
    vector: VECTOR,
    appVersion,
    osVersion,
    model,
    country,
    asn,
    networkPrefix,
    configVersion: 1,
    seenAtMs: receivedAtMs,
    enrolment: null,
  };
}
