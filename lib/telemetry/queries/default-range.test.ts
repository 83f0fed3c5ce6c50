import { expect, it } from 'vitest';
import { rangeSince } from './default-range';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW_MS = Date.parse('2026-03-03T12:00:00Z');

it.each([
  [null, '15m'],
  [5 * MINUTE, '15m'],
  [15 * MINUTE, '15m'],
  [16 * MINUTE, '1h'],
  [61 * MINUTE, '6h'],
  [6 * HOUR, '6h'],
  [7 * HOUR, '24h'],
  [24 * HOUR, '24h'],
  [400 * 24 * HOUR, '24h'],
  // By a clock that is behind: what is from now on has just begun.
  [-MINUTE, '15m'],
])('with events for %s ms, pages look at %s unasked', (sinceMs, range) => {
  expect(rangeSince(sinceMs === null ? null : NOW_MS - sinceMs, NOW_MS)).toBe(range);
});
