import { describe, expect, test } from 'vitest';
import type { AppEntry } from '../snapshot/state';
import { type AttestationContext, requireAbleToIssue } from './context';

const entry = (onStale: 'strict' | 'best_effort') => ({ app: { id: 'a-a', onStale } }) as unknown as AppEntry;
const context = (facts: { ageMs?: number; key?: boolean }) =>
  ({
    signingKey: () => (facts.key === false ? undefined : {}),
    follower: { ageMs: facts.ageMs ?? 0 },
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
