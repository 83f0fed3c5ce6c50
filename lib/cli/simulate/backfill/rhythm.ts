import type { Random } from '../random';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** How busy people are with their phones, by the hour of their day. */
const HOURS = [3, 2, 1, 1, 1, 2, 5, 9, 12, 11, 10, 10, 12, 12, 10, 10, 11, 13, 15, 16, 16, 14, 10, 6];
/** Where each hour ends among all of a day's business. */
const ENDS = HOURS.map((_, hour) => HOURS.slice(0, hour + 1).reduce((sum, weight) => sum + weight, 0));
const TOTAL = ENDS.at(-1) ?? 1;

/** How much is done on each day of the week, Sunday first, by the kind of app. */
const WEEK: Readonly<Record<string, readonly number[]>> = {
  'retail-bank': [0.74, 1, 1, 1.02, 1.02, 1.08, 0.85],
  'fleet-driver': [0.25, 1, 1, 1, 1, 0.98, 0.45],
};

/** A moment of somebody's day, in milliseconds since its midnight: evenings are busy, nights are not. */
export function drawTimeOfDay(random: Random): number {
  const place = random.next() * TOTAL;
  const hour = ENDS.findIndex((end) => place < end);
  return Math.max(0, hour) * HOUR_MS + random.integer(HOUR_MS);
}

/** How much an app is used on the day that holds an instant, where 1 is a usual working day. */
export function weekdayFactor(appId: string, atMs: number): number {
  return WEEK[appId]?.[new Date(atMs).getUTCDay()] ?? 1;
}
