import { expect, test } from 'vitest';
import { countsOf, decodeCounts, encodeCounts } from './counts';
import { FacetLimiter } from './facet-limiter';
import { eventOf } from './testing/events';

test('counts are read from the journal as they were noted, whatever devices say of themselves', () => {
  const limiter = new FacetLimiter();
  const events = [
    eventOf(),
    eventOf({ latencyUs: 7 }),
    eventOf({ model: '"],[\\"\n\u2028😀', osVersion: '', appVersion: 'null', country: null }),
    eventOf({ appId: '"app', verdict: 'rejected', decidingThreat: 'hooks', threats: ['hooks', 'a"b'] }),
    eventOf({ unknownSignals: 3, failedRules: [{ id: 'mine', cause: 'no_such_key' }] }),
  ];
  // Twice: what recurs is written from memory.
  for (const attempt of [1, 2]) {
    const counts = countsOf(events.map((event) => limiter.bound(event)));
    expect([attempt, decodeCounts(encodeCounts(counts))]).toEqual([attempt, counts]);
  }
});
