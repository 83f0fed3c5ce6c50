import { describe, expect, test } from 'vitest';
import type { AppEntry } from '../snapshot/state';
import { type AttestationContext, isBlocked, requireAbleToIssue } from './context';

const entry = (onStale: 'strict' | 'best_effort') => ({ app: { id: 'a-a', onStale } }) as unknown as AppEntry;
const context = (facts: { ageMs?: number; key?: boolean; nowMs?: number; blocks?: [string, object][] }) =>
  ({
    signingKey: () => (facts.key === false ? undefined : {}),
    clock: { nowMs: () => facts.nowMs ?? 0 },
    follower: { ageMs: facts.ageMs ?? 0, snapshot: { blocks: new Map(facts.blocks ?? []) } },
  }) as unknown as AttestationContext;

describe('a token may be issued', () => {
  test.each([
    ['strict', 60_000, true],
    ['strict', 60_001, false],
    ['best_effort', 3_600_000, true],
  ] as const)('by a %s app on a view of %i ms: %s', (onStale, ageMs, isAllowed) => {
    const ask = () => requireAbleToIssue(context({ ageMs }), entry(onStale));
    if (isAllowed) expect(ask).not.toThrow();
    else expect(ask).toThrow(expect.objectContaining({ code: 'snapshot_stale' }));
  });

  test('by nobody without a signing key', () => {
    expect(() => requireAbleToIssue(context({ key: false }), entry('best_effort'))).toThrow(
      expect.objectContaining({ code: 'service_unavailable' }),
    );
  });
});

describe('an instance is blocked', () => {
  const blocks = (expiresAtMs: number | null): [string, object][] => [
    ['i', { id: 'b', appId: 'a-a', expiresAtMs }],
  ];

  test('until the moment at which its block ends, for its own app only', () => {
    expect(isBlocked(context({ blocks: blocks(null) }), 'a-a', 'i')).toBe(true);
    expect(isBlocked(context({ blocks: blocks(1_000), nowMs: 999 }), 'a-a', 'i')).toBe(true);
    expect(isBlocked(context({ blocks: blocks(1_000), nowMs: 1_000 }), 'a-a', 'i')).toBe(false);
    expect(isBlocked(context({ blocks: blocks(null) }), 'b-b', 'i')).toBe(false);
    expect(isBlocked(context({}), 'a-a', 'i')).toBe(false);
  });
});
