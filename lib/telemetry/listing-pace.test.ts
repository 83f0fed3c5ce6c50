import { expect, test } from 'vitest';
import { ListingPace } from './listing-pace';

const MINUTE = 60_000;

/** What a pace comes to at a number of attestations a second, in batches of ten. */
function paceAt(perSecond: number): number {
  let now = 0;
  const pace = new ListingPace(() => now);
  for (let batch = 0; batch < perSecond; batch++) {
    now += 10_000 / perSecond;
    pace.next(10);
  }
  return Math.round(pace.next(0) / 1_000) * 1_000;
}

test('a device is at its place within ten seconds in a small fleet, and within half an hour in the busiest', () => {
  expect(paceAt(5)).toBe(10_000);
  expect(paceAt(300)).toBe(5 * MINUTE);
  expect(paceAt(10_000)).toBe(30 * MINUTE);
});

test('a quiet time after a busy one makes places exact again, a pause does not at once', () => {
  let now = 0;
  const pace = new ListingPace(() => now);
  for (let second = 0; second < 3; second++) {
    now += 1_000;
    pace.next(5_000);
  }
  expect(pace.next(0)).toBe(30 * MINUTE);
  now += 10_000;
  expect(pace.next(20)).toBe(15 * MINUTE);
  for (let second = 0; second < 10; second++) {
    now += 1_000;
    pace.next(2);
  }
  expect(pace.next(0)).toBe(10_000);
});
