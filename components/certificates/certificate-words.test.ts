import { describe, expect, it } from 'vitest';
import { ADOPTION_WINDOW_DAYS, type OriginView } from '@/lib/contracts';
import { ADOPTION_SPAN, commonName, failureMeaning, standingOf } from './certificate-words';

const AT = '2026-03-01T12:00:00.000Z';
const probe: OriginView['probe'] = {
  id: '0195a1b2-1234-7abc-8def-0123456789ab',
  probedAt: AT,
  requestedByName: null,
  outcome: 'ok',
  address: '192.0.2.1',
  protocol: 'TLSv1.3',
  durationMs: 20,
  chain: [],
  findings: [],
};
const pinSet: OriginView['pinSet'] = {
  version: 3,
  pins: [{ spkiSha256: 'a', label: '', source: 'probe' }],
  reportOnly: false,
  reason: 'first',
  overridden: [],
  publishedByName: 'Robin',
  publishedAt: AT,
  seq: 9,
};
const origin = (changes: Partial<OriginView>): OriginView => ({
  id: probe.id,
  appId: 'bank',
  appName: 'Bank',
  host: 'api.example.com',
  port: 443,
  serverName: null,
  includeSubdomains: false,
  createdAt: AT,
  createdByName: 'Robin',
  probeRequestedAt: null,
  probe,
  lastChain: probe,
  pinSet,
  problems: [],
  expiresAt: null,
  expiryWarning: null,
  rotation: null,
  failures: { reports: 0, devices: 0 },
  ...changes,
});

describe('the standing of an origin', () => {
  it('is its worst trouble', () => {
    const standing = (changes: Partial<OriginView>) => standingOf(origin(changes));
    expect(standing({})).toEqual({ tone: 'trusted', label: 'matches' });
    expect(standing({ problems: ['no_match'], expiryWarning: 'expired' }).label).toBe('no pin matches');
    expect(standing({ problems: ['no_match'], pinSet: { ...pinSet, reportOnly: true } }).tone).toBe(
      'flagged',
    );
    expect(standing({ expiryWarning: 'expired', problems: ['no_backup'] }).tone).toBe('rejected');
    expect(standing({ expiryWarning: '7d' }).label).toBe('expires within 7 days');
    expect(standing({ probe: { ...probe, outcome: 'handshake_timeout' } }).label).toBe('not reached');
    expect(standing({ probe: null, lastChain: null }).label).toBe('not probed yet');
    expect(standing({ pinSet: null }).label).toBe('not pinned');
  });
});

describe('words', () => {
  it('tell an interception on one network from a server whose key is not pinned', () => {
    expect(failureMeaning({ kind: 'mismatch', seenBy: 'one_network' })).toContain('intercepts');
    expect(failureMeaning({ kind: 'mismatch', seenBy: 'server' })).toContain('server itself');
    expect(failureMeaning({ kind: 'expired', seenBy: 'server' })).toContain('renew');
  });

  it('name the span over which devices are counted', () => {
    expect(ADOPTION_SPAN).toBe(`the last ${ADOPTION_WINDOW_DAYS} days`);
  });

  it('call a certificate by its common name', () => {
    expect(commonName('O=Example, CN=api.example.com, C=DE')).toBe('api.example.com');
    expect(commonName('O=Example')).toBe('O=Example');
    expect(commonName('')).toBe('no subject');
  });
});
