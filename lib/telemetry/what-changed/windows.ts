const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Width of the buckets that are counted by. */
export const BUCKET_MS = 600_000;
/** Days that the present is held against. */
const PAST_DAYS = 6;
/** Without so many days there are only the hours before. */
const FEWEST_DAYS = 3;
const PAST_HOURS = 6;

/** From when to when, in milliseconds since the epoch; the end is exclusive. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The present, and the windows of the past that it is held against. */
export interface Windows {
  readonly now: Span;
  readonly past: readonly Span[];
}

/**
 * The hour that ends with `toMs`, and the same hour of the six days before: people and phones have their hours. An
 * installation that is younger than three days is held against the hours before.
 */
export function windowsAt(toMs: number, firstEventMs: number | null): Windows {
  const endMs = Math.ceil(toMs / BUCKET_MS) * BUCKET_MS;
  const now = { fromMs: endMs - HOUR_MS, toMs: endMs };
  const isYoung = firstEventMs === null || firstEventMs > now.fromMs - FEWEST_DAYS * DAY_MS;
  const [count, stepMs] = isYoung ? [PAST_HOURS, HOUR_MS] : [PAST_DAYS, DAY_MS];
  const past = Array.from({ length: count }, (_, index) => ({
    fromMs: now.fromMs - (index + 1) * stepMs,
    toMs: now.toMs - (index + 1) * stepMs,
  }));
  return { now, past };
}
