import { describe, expect, test } from 'vitest';
import { CutOffs } from '@/lib/relying-party';
import { issuedAtMs } from './answer';
import type { AttestationContext } from './context';

const NOW_MS = 1_000_400;
const SUBJECT = { appId: 'bank', kid: 'key', instanceId: 'phone' };

/** What the moment of issue depends on, with one cut-off of the app. */
function contextWith(notBeforeSeconds: number): Pick<AttestationContext, 'clock' | 'follower'> {
  const cutOffs = new CutOffs([{ id: 'a', scope: 'app', target: 'bank', notBeforeSeconds }]);
  return { clock: { nowMs: () => NOW_MS }, follower: { snapshot: { cutOffs } } } as unknown as Pick<
    AttestationContext,
    'clock' | 'follower'
  >;
}

describe('the moment at which a token is issued', () => {
  test.each([
    ['is now', 900, NOW_MS],
    ['is now where a cut-off is of this second', 1_000, NOW_MS],
    ['is the start of the next second where a cut-off was rounded up to that', 1_001, 1_001_000],
    ['is never further ahead', 1_002, NOW_MS],
  ])('%s', (_what, notBeforeSeconds, expected) => {
    expect(issuedAtMs(contextWith(notBeforeSeconds), SUBJECT)).toBe(expected);
  });
});
