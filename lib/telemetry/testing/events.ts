import type { AttestationEvent, PendingAttestation } from '../rows';

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
