import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CUT_OFF_SCOPES, type CutOffSnapshot } from '@/lib/contracts';
import { CutOffs } from './index';

const SUBJECT = { appId: 'bank', kid: 'key', instanceId: 'phone', apiId: 'payments' };
const TARGETS = {
  organisation: 'default',
  app: 'bank',
  signing_key: 'key',
  api: 'payments',
  instance: 'phone',
};

const cutOff = fc
  .record({
    scope: fc.constantFrom(...CUT_OFF_SCOPES),
    isOurs: fc.boolean(),
    notBeforeSeconds: fc.nat(1_000),
  })
  .map(({ scope, isOurs, notBeforeSeconds }): CutOffSnapshot & { isOurs: boolean } => ({
    id: 'any',
    scope,
    target: isOurs || scope === 'organisation' ? TARGETS[scope] : 'another',
    notBeforeSeconds,
    isOurs: isOurs || scope === 'organisation',
  }));

describe('cut-offs', () => {
  it('are none to begin with', () => {
    expect(new CutOffs().secondsFor(SUBJECT)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('leave the latest of all that concern a token, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(cutOff), (all) => {
        const latest = Math.max(
          Number.NEGATIVE_INFINITY,
          ...all.filter(({ isOurs }) => isOurs).map(({ notBeforeSeconds }) => notBeforeSeconds),
        );
        expect(new CutOffs(all).secondsFor(SUBJECT)).toBe(latest);
        expect(new CutOffs(all.toReversed()).secondsFor(SUBJECT)).toBe(latest);
      }),
    );
  });

  it('of an API concern tokens that are presented to it, and not those that are issued', () => {
    const cutOffs = new CutOffs([{ id: 'a', scope: 'api', target: 'payments', notBeforeSeconds: 7 }]);
    expect(cutOffs.secondsFor(SUBJECT)).toBe(7);
    const { apiId: _, ...issued } = SUBJECT;
    expect(cutOffs.secondsFor(issued)).toBe(Number.NEGATIVE_INFINITY);
  });
});
