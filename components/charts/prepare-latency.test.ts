import { expect, test } from 'vitest';
import type { Latency } from '@/lib/contracts';
import { formatLatency, prepareLatency } from './prepare-latency';

const START = Date.UTC(2026, 2, 3, 12);
const at = (minutes: number) => new Date(START + minutes * 60_000).toISOString();
const point = (minutes: number, p50: number | null, incomplete = false) => ({
  at: at(minutes),
  p50,
  p95: p50 === null ? null : p50 * 2,
  p99: p50 === null ? null : p50 * 3,
  incomplete,
});
const latency = (points: Latency['points'], p50: number | null = 4): Latency => ({
  from: at(0),
  to: at(60),
  bucketSeconds: 900,
  total: { p50, p95: p50, p99: p50 },
  points,
});

test('leaves a gap where nothing attested, and tells which bucket stands alone', () => {
  const { points, measured } = prepareLatency(latency([point(0, 4), point(15, null), point(30, 5)]), 'UTC');
  expect(points.map(({ p50, alone }) => [p50, alone])).toEqual([
    [4, true],
    [null, false],
    [5, true],
  ]);
  expect(measured).toBe(true);
});

test('says which stretch leads to the bucket that is still filling', () => {
  const points = [point(0, 4), point(15, 4), point(30, 4, true)];
  expect(prepareLatency(latency(points), 'UTC').incomplete).toEqual({
    fromMs: START + 15 * 60_000,
    toMs: START + 30 * 60_000,
  });
});

test('knows when nothing was measured at all', () => {
  expect(prepareLatency(latency([point(0, null)], null), 'UTC').measured).toBe(false);
  expect(prepareLatency(latency([], null), 'UTC')).toMatchObject({ points: [], measured: false });
});

test('keeps a digit while it matters', () => {
  expect([null, 0, 0.42, 3.21, 84.4, 1_240].map(formatLatency)).toEqual([
    '–',
    '0 ms',
    '0.4 ms',
    '3.2 ms',
    '84 ms',
    '1.2 s',
  ]);
});
