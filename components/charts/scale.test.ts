import { describe, expect, it } from 'vitest';
import { bucketLabel, timeTicks } from './scale';

const DAY_MS = 86_400_000;

describe('timeTicks', () => {
  it('stands at round hours of the zone', () => {
    const from = Date.UTC(2026, 2, 3, 12, 20);
    const ticks = timeTicks(from, from + DAY_MS, 'Asia/Kolkata');
    expect(ticks.map((tick) => tick.label)).toEqual([
      '18:00',
      '21:00',
      '00:00',
      '03:00',
      '06:00',
      '09:00',
      '12:00',
      '15:00',
    ]);
    expect(ticks[0]?.atMs).toBe(Date.UTC(2026, 2, 3, 12, 30));
  });

  it('names days where it spans many, and has none where it spans nothing', () => {
    const from = Date.UTC(2026, 2, 3);
    expect(timeTicks(from, from + 7 * DAY_MS, 'UTC')[0]).toEqual({ atMs: from, label: '3 Mar' });
    expect(timeTicks(from, from, 'UTC')).toEqual([]);
  });

  it('keeps to the clocks of the zone on the days when they change', () => {
    const autumn = Date.UTC(2026, 9, 22, 22);
    expect(timeTicks(autumn, autumn + 5 * DAY_MS, 'Europe/Berlin').map((tick) => tick.label)).toEqual([
      '23 Oct',
      '24 Oct',
      '25 Oct',
      '26 Oct',
      '27 Oct',
    ]);
    const spring = Date.UTC(2026, 2, 28, 23, 30);
    expect(timeTicks(spring, spring + 4 * 3_600_000, 'Europe/Berlin').map((tick) => tick.label)).toEqual([
      '00:30',
      '01:00',
      '01:30',
      '03:00',
      '03:30',
      '04:00',
      '04:30',
      '05:00',
      '05:30',
    ]);
  });
});

it('names a bucket in the unit that a person would use', () => {
  expect([30, 60, 900, 3_600, 21_600, 86_400].map(bucketLabel)).toEqual([
    'per 30 s',
    'per minute',
    'per 15 min',
    'per hour',
    'per 6 h',
    'per day',
  ]);
});
