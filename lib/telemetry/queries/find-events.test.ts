import { expect, test } from 'vitest';
import { spansOf } from './find-events';

const count = (atMs: number, verdict = 'trusted') => ({ atMs, verdict, events: 1 });

test('hours in which something was counted become the fewest spans, newest first, within what was asked', () => {
  const counts = [count(40), count(10), count(50), count(50, 'rejected'), count(20), count(0)];
  expect(spansOf(counts, 10, { fromMs: 5, toMs: 57 })).toEqual([
    { fromMs: 40, toMs: 57 },
    { fromMs: 5, toMs: 30 },
  ]);
  expect(spansOf([], 10, { fromMs: 0, toMs: 100 })).toEqual([]);
  expect(spansOf([count(90)], 10, { fromMs: 0, toMs: 90 })).toEqual([]);
});
