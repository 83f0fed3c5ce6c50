import { RANGES, type TelemetryFilter } from '@/lib/contracts';
import { AppError } from '@/lib/core';

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Beyond this length, hours are read instead of minutes. */
const LONGEST_BY_MINUTE_MS = DAY_MS;
const MOST_POINTS = 120;
/** Longest window that is answered, in days. */
export const LONGEST_WINDOW_DAYS = 400;
const LONGEST_MS = LONGEST_WINDOW_DAYS * DAY_MS;

/** Widths that divide a day, so that buckets begin with the viewer's days. */
const BUCKETS_MS = [1, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * MINUTE_MS);

/** A span of time as charts and counts see it. Times in milliseconds since the epoch. */
export interface TimeWindow {
  /** Begins a bucket of the viewer's clock; at or before the instant that was asked for. */
  fromMs: number;
  /** Exclusive; never later than `nowMs`. */
  toMs: number;
  nowMs: number;
  bucketMs: number;
  /** Which rollup answers for it, and how finely that counts. */
  rollup: 'minute' | 'hour';
}

/**
 * The window of a filter: absolute where it has both ends, else the named range up to now. Its buckets are of one width and
 * begin with the hours and days of the viewer's offset, also where that is off by half or three quarters of an hour. What is
 * counted by the hour only (`byHour`: facets over more than a day) knows no quarters, so that the offset is rounded then.
 * Where minutes are kept no more (`hasMinutes`), hours answer for a short window, too.
 * @throws AppError `request_invalid` for a window that is empty, in the future or longer than 400 days
 */
export function resolveWindow(
  filter: Pick<TelemetryFilter, 'range' | 'from' | 'to' | 'tz'>,
  nowMs: number,
  { byHour = false, hasMinutes = true }: { byHour?: boolean; hasMinutes?: boolean } = {},
): TimeWindow {
  const asked = exactRange(filter, nowMs);
  const lengthMs = asked.toMs - asked.fromMs;
  const rollup = isByMinute(asked) && hasMinutes ? 'minute' : 'hour';
  const finestMs = rollup === 'minute' ? MINUTE_MS : HOUR_MS;
  const bucketMs = BUCKETS_MS.find((width) => width >= finestMs && lengthMs / width <= MOST_POINTS) ?? DAY_MS;
  const stepMs = rollup === 'minute' ? MINUTE_MS : byHour ? HOUR_MS : QUARTER_MS;
  const offsetMs = Math.round((filter.tz * MINUTE_MS) / stepMs) * stepMs;
  const fromMs = Math.floor((asked.fromMs + offsetMs) / bucketMs) * bucketMs - offsetMs;
  return { fromMs, toMs: asked.toMs, nowMs, bucketMs, rollup };
}

/** Whether a window is short enough to be answered by minutes, where they are kept. */
export function isByMinute({ fromMs, toMs }: { fromMs: number; toMs: number }): boolean {
  return toMs - fromMs <= LONGEST_BY_MINUTE_MS;
}

/** Exactly what was asked for, to the millisecond: rows are listed by it. @throws AppError `request_invalid` */
export function exactRange(
  filter: Pick<TelemetryFilter, 'range' | 'from' | 'to'>,
  nowMs: number,
): { fromMs: number; toMs: number } {
  const absolute = filter.from !== undefined && filter.to !== undefined;
  const toMs = absolute ? Math.min(Date.parse(filter.to ?? ''), nowMs) : nowMs;
  const fromMs = absolute ? Date.parse(filter.from ?? '') : nowMs - RANGES[filter.range] * 1000;
  if (!(fromMs < toMs)) {
    throw new AppError('request_invalid', { fields: { from: 'must be in the past and before `to`' } });
  }
  if (toMs - fromMs > LONGEST_MS) {
    throw new AppError('request_invalid', { fields: { from: 'is more than 400 days before `to`' } });
  }
  return { fromMs, toMs };
}

/** The window of the same length that ends where this one begins. */
export function previousWindow(window: TimeWindow): TimeWindow {
  const finestMs = window.rollup === 'minute' ? MINUTE_MS : HOUR_MS;
  const lengthMs = Math.ceil((window.toMs - window.fromMs) / finestMs) * finestMs;
  return { ...window, fromMs: window.fromMs - lengthMs, toMs: window.fromMs };
}

/** Share of a period that must be on record for it to be compared with. */
const FEWEST_RECORDED = 0.9;

/**
 * Whether so much of a window is on record that it can be compared with: of what began within it, a part would stand against a
 * whole. `firstMs` is when anything was recorded first, `null` where nothing was.
 */
export function isComparable({ fromMs, toMs }: TimeWindow, firstMs: number | null): boolean {
  return firstMs !== null && toMs - Math.max(fromMs, firstMs) >= FEWEST_RECORDED * (toMs - fromMs);
}

/** Start of each bucket, oldest first; the last may reach beyond the window's end. */
export function bucketStarts(window: TimeWindow): number[] {
  const count = Math.ceil((window.toMs - window.fromMs) / window.bucketMs);
  return Array.from({ length: count }, (_, index) => window.fromMs + index * window.bucketMs);
}
