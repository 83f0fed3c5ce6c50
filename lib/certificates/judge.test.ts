import { describe, expect, it } from 'vitest';
import type { ChainCertificate } from '@/lib/contracts';
import { judgeFailure, pinsFor } from './judge-failure';
import { expiryOf, expiryWarning, problemsOf } from './judge-pins';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const DAY = 86_400_000;
const pin = (name: string) => ({ spkiSha256: name });
const certificate = (spkiSha256: string, days = 90): ChainCertificate => ({
  subject: `CN=${spkiSha256}`,
  issuer: 'CN=ca',
  serial: '1',
  notBefore: new Date(NOW - DAY).toISOString(),
  notAfter: new Date(NOW + days * DAY).toISOString(),
  spkiSha256,
  fingerprint: '',
});
const CHAIN = [certificate('leaf'), certificate('ca', 900)];

describe('a pin set', () => {
  it('is good with one pin in the chain and one that is not', () => {
    expect(problemsOf([pin('leaf'), pin('spare')], CHAIN)).toEqual([]);
    expect(problemsOf([pin('ca'), pin('spare')], CHAIN)).toEqual([]);
  });

  it('bricks the app where no pin is in the chain', () => {
    expect(problemsOf([pin('old'), pin('spare')], CHAIN)).toEqual(['no_match']);
    expect(problemsOf([], CHAIN)).toEqual(['no_match', 'no_backup']);
  });

  it('has no backup where every pin is in the chain, however many there are', () => {
    expect(problemsOf([pin('leaf')], CHAIN)).toEqual(['no_backup']);
    expect(problemsOf([pin('leaf'), pin('ca')], CHAIN)).toEqual(['no_backup']);
  });

  it('cannot be judged before a chain was read', () => {
    expect(problemsOf([pin('leaf'), pin('spare')], null)).toEqual(['never_probed']);
    expect(problemsOf([pin('leaf')], null)).toEqual(['no_backup', 'never_probed']);
  });
});

describe('the expiry of a chain', () => {
  it('is that of the certificate that ends first', () => {
    expect(expiryOf(CHAIN)).toBe(CHAIN[0]?.notAfter);
    expect(expiryOf([])).toBeNull();
  });

  it('warns 30, 14 and 7 days ahead', () => {
    const warning = (days: number) => expiryWarning(new Date(NOW + days * DAY).toISOString(), NOW);
    const steps = [31, 30, 15, 14, 8, 7, 1, 0, -1].map(warning);
    expect(steps).toEqual([null, '30d', '30d', '14d', '14d', '7d', '7d', 'expired', 'expired']);
    expect(expiryWarning(null, NOW)).toBeNull();
  });
});

describe('a failure that a device reports', () => {
  const pins = { spkiSha256: ['leaf', 'spare'] };

  it('is told apart by its chain', () => {
    expect(judgeFailure([certificate('proxy')], pins, NOW)).toBe('mismatch');
    expect(judgeFailure([certificate('leaf', -1)], pins, NOW)).toBe('expired');
    expect(judgeFailure([certificate('leaf'), certificate('ca', -1)], pins, NOW)).toBe('expired');
    expect(judgeFailure([certificate('spare')], pins, NOW)).toBe('outdated_pins');
    // Whoever intercepts with an old certificate intercepts all the same.
    expect(judgeFailure([certificate('proxy', -1)], pins, NOW)).toBe('mismatch');
  });

  it('is held against the pins of the host, or of the nearest parent that covers it', () => {
    const set = (host: string, includeSubdomains: boolean) => ({
      host,
      includeSubdomains,
      reportOnly: false,
      spkiSha256: [host],
    });
    const sets = [set('example.com', true), set('api.example.com', true), set('pay.example.com', false)];
    expect(pinsFor(sets, 'pay.example.com')?.host).toBe('pay.example.com');
    expect(pinsFor(sets, 'eu.api.example.com')?.host).toBe('api.example.com');
    expect(pinsFor(sets, 'x.pay.example.com')?.host).toBe('example.com');
    expect(pinsFor(sets, 'notexample.com')).toBeUndefined();
  });
});
