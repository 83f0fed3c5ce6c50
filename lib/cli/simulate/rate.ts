/** Enrolments per second while the fleet is new, so that there is something to look at. */
const SEEDING_RATE = 40;

const DAY_MS = 86_400_000;
const PEAK_MS = 18 * 3_600_000;

/**
 * Attestations per second now: a gentle daily curve around `rate` with its peak at 18:00 UTC and its trough at 6:00,
 * between 0.6 and 1.4 times as much; and more while devices enrol for the first time.
 */
export function rateAt(rate: number, nowMs: number, isSeeding: boolean): number {
  const daily = rate * (1 + 0.4 * Math.cos((2 * Math.PI * (nowMs - PEAK_MS)) / DAY_MS));
  return isSeeding ? Math.max(daily, SEEDING_RATE) : daily;
}
