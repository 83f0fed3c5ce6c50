import { describe, expect, it } from 'vitest';
import { authenticateToken, buildClaims } from '@/lib/tokens';
import { signToken } from '@/lib/tokens/signing';
import { factsOf, KEYS, PAIR } from '@/lib/tokens/testing';
import { TokenCache } from './index';

function newToken(tokenId: string) {
  const text = signToken(PAIR, buildClaims(factsOf({ tokenId })));
  const authentic = authenticateToken(text, KEYS);
  if (!authentic.ok) throw new Error(authentic.outcome);
  return { text, token: authentic.token };
}
const TOKENS = Array.from({ length: 12 }, (_, index) => newToken(`token-${index}`));

describe('TokenCache', () => {
  it('finds a token by its exact text only', () => {
    const cache = new TokenCache(4);
    const [first] = TOKENS;
    if (first === undefined) return;
    cache.set(first.text, first.token);
    expect(cache.get(first.text)).toBe(first.token);
    const [head, , signature] = first.text.split('.');
    expect(cache.get(`${head}.e30.${signature}`)).toBeUndefined();
    expect(cache.get(signature ?? '')).toBeUndefined();
    expect(cache.get('')).toBeUndefined();
  });

  it.each([1, 2, 3, 8])('never holds more than %i or two tokens', (capacity) => {
    const cache = new TokenCache(capacity);
    for (const { text, token } of TOKENS) {
      cache.set(text, token);
      expect(cache.size).toBeLessThanOrEqual(Math.max(2, capacity));
      expect(cache.get(text)).toBe(token);
    }
  });

  it('keeps what is asked for while others come and go', () => {
    const cache = new TokenCache(4);
    const [kept, ...others] = TOKENS;
    if (kept === undefined) return;
    cache.set(kept.text, kept.token);
    for (const { text, token } of others) {
      cache.set(text, token);
      expect(cache.get(kept.text)).toBe(kept.token);
    }
  });

  it('counts a token once, however often it is remembered', () => {
    const cache = new TokenCache(8);
    for (const { text, token } of [...TOKENS.slice(0, 3), ...TOKENS.slice(0, 3)]) cache.set(text, token);
    expect(cache.size).toBe(3);
  });
});
