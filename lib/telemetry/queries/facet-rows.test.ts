import { expect, test } from 'vitest';
import { facetSegments, hoursByBucket } from './facet-rows';

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(`2026-03-${text}Z`);
const span = (from: string, to: string) => ({ fromMs: at(from), toMs: at(to) });

test('few hours of a day are read as such, many from the sums of the day', () => {
  const summed = {
    tiers: {},
    quarters: undefined,
    facetDays: span('01T00:00', '20T00:00'),
    facetToday: span('20T00:00', '20T02:00'),
    facetWeeks: undefined,
    facetDaySums: undefined,
    facetHourSums: undefined,
    cellHours: undefined,
    marginals: undefined,
  };
  const sources = (from: string, to: string) =>
    facetSegments({ ...span(from, to), rollup: 'hour' }, summed).map(({ source }) => source);
  expect(sources('18T21:00', '20T02:30')).toEqual(['dayHours', 'days', 'rollupHours', 'rollupHours']);
  expect(sources('18T22:00', '20T00:00')).toEqual(['rollupHours', 'days']);
});

test('hours are put side by side as the buckets of a window are', () => {
  const hours = [0, 1, 2, 3, 4, 5];
  expect(hoursByBucket(hours, { fromMs: at('18T00:00'), bucketMs: 3 * HOUR })).toEqual([
    [0, 1, 2],
    [3, 4, 5],
  ]);
  expect(hoursByBucket(hours, { fromMs: at('18T05:00'), bucketMs: 6 * HOUR })).toEqual([
    [0, 1, 2, 3, 4],
    [5],
  ]);
  expect(hoursByBucket(hours, { fromMs: at('18T04:00'), bucketMs: 24 * HOUR })).toEqual([
    [0, 1, 2, 3],
    [4, 5],
  ]);
  // What begins within an hour has the whole hour in the bucket in which the hour begins.
  expect(hoursByBucket([0, 1, 2], { fromMs: at('18T00:30'), bucketMs: HOUR })).toEqual([[0], [1], [2]]);
});
