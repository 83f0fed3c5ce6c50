import type { AttestationRow } from '@/lib/contracts';

/** An attestation, with what a test cares about put into it. */
export function row(changes: Partial<AttestationRow> = {}): AttestationRow {
  return {
    id: '01999999-0000-7000-8000-000000000001',
    receivedAt: '2026-03-03T12:00:00.000Z',
    reference: 'K7QF-2M9D',
    kind: 'attest',
    appId: 'retail-bank',
    appName: 'Retail Bank',
    instanceId: '01999999-0000-7000-8000-00000000000a',
    verdict: 'trusted',
    decidingThreat: null,
    platform: 'android',
    environment: 'production',
    appVersion: '5.4.0',
    osVersion: '16',
    model: 'Pixel 9',
    country: 'GB',
    networkKind: 'access',
    networkPrefix: '81.2.69.0/24',
    asn: 20712,
    ...changes,
  };
}
