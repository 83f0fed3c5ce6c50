import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CHALLENGE_TTL_SECONDS } from '@/lib/contracts';
import { checkChallenge, issueChallenge } from './challenges';

const KEY = randomBytes(32);
const NOW = Date.UTC(2026, 10, 20);
const { challenge, expiresAtMs } = issueChallenge(KEY, 'retail-bank', NOW);

describe('a challenge', () => {
  test('is accepted until it expires, and names the same digest each time', () => {
    expect(expiresAtMs).toBe(NOW + CHALLENGE_TTL_SECONDS * 1000);
    const first = checkChallenge(KEY, 'retail-bank', challenge, NOW);
    const last = checkChallenge(KEY, 'retail-bank', challenge, expiresAtMs - 1);
    expect(first).toMatchObject({ ok: true, expiresAtMs });
    expect(last).toEqual(first);
  });

  test('is refused from the moment it expires', () => {
    expect(checkChallenge(KEY, 'retail-bank', challenge, expiresAtMs)).toEqual({ ok: false, why: 'expired' });
  });

  test('is refused for another app and under another key', () => {
    expect(checkChallenge(KEY, 'fleet-driver', challenge, NOW)).toEqual({ ok: false, why: 'forged' });
    expect(checkChallenge(randomBytes(32), 'retail-bank', challenge, NOW)).toEqual({
      ok: false,
      why: 'forged',
    });
  });

  test('is refused with any bit changed', () => {
    const bytes = Buffer.from(challenge, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(checkChallenge(KEY, 'retail-bank', changed.toString('base64url'), NOW).ok).toBe(false);
    }
  });

  test.each(['', 'x', `${challenge}A`, challenge.slice(1), `${challenge}=`, '!!!'])('is not "%s"', (text) => {
    expect(checkChallenge(KEY, 'retail-bank', text, NOW)).toEqual({ ok: false, why: 'malformed' });
  });

  test('is never issued twice', () => {
    const issued = Array.from({ length: 1000 }, () => issueChallenge(KEY, 'retail-bank', NOW).challenge);
    expect(new Set(issued).size).toBe(1000);
  });
});
