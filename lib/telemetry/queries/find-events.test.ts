import { expect, test } from 'vitest';
import { spansOf } from './find-events';

test('hours in which something was counted become the fewest spans, newest first, within what was asked', () => {
  const starts = [40, 10, 50, 50, 20, 0];
  expect(spansOf(starts, 10, { fromMs: 5, toMs: 57 })).toEqual([
    { fromMs: 40, toMs: 57 },
    { fromMs: 5, toMs: 30 },
  ]);
  expect(spansOf([], 10, { fromMs: 0, toMs: 100 })).toEqual([]);
  expect(spansOf([90], 10, { fromMs: 0, toMs: 90 })).toEqual([]);
});
