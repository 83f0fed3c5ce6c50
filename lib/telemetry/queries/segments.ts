const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * Where something is summed already, coarsest first, and per how much. `dayHours` and `todayHours` are hours of one day whose
 * sums have a column for each.
 */
export const TIERS = [
  { name: 'weeks', widthMs: 7 * DAY_MS },
  { name: 'days', widthMs: DAY_MS },
  { name: 'dayHours', widthMs: HOUR_MS },
  { name: 'todayHours', widthMs: HOUR_MS },
  { name: 'hours', widthMs: HOUR_MS },
  { name: 'fiveMinutes', widthMs: 5 * MINUTE_MS },
  { name: 'minutes', widthMs: MINUTE_MS },
] as const;
export type TierName = (typeof TIERS)[number]['name'];

/** From where to where each tier is complete; nothing where it has not begun. */
export type TierSpans = Readonly<Partial<Record<TierName, { fromMs: number; toMs: number }>>>;

/** A part of a window, and what answers for it: a tier of sums, or the rollups by the hour or minute. */
export interface Segment {
  readonly source: TierName | 'rollupHours' | 'rollupMinutes';
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * A span as the fewest sums that make it up: whole weeks, days, hours, five minutes and minutes as far as they are summed, the
 * rollups for the rest. No instant is in two of them, none is left out; hours of a day end with it.
 */
export function segmentsOf(
  span: { fromMs: number; toMs: number },
  tiers: TierSpans,
  rest: 'minute' | 'hour',
): Segment[] {
  const segments: Segment[] = [];
  let at = span.fromMs;
  while (at < span.toMs) {
    const next = wholeTier(at, span.toMs, tiers) ?? fromRollups(at, span.toMs, rest);
    const last = segments.at(-1);
    if (last?.source === next.source && !(isHoursOfDay(next) && next.fromMs % DAY_MS === 0)) {
      segments[segments.length - 1] = { ...last, toMs: next.toMs };
    } else segments.push(next);
    at = next.toMs;
  }
  return segments;
}

const isHoursOfDay = ({ source }: Segment) => source === 'dayHours' || source === 'todayHours';

/** The coarsest sum that begins here and ends within the span. */
function wholeTier(at: number, endMs: number, tiers: TierSpans): Segment | undefined {
  for (const { name, widthMs } of TIERS) {
    const known = tiers[name];
    const toMs = at + widthMs;
    if (known && at % widthMs === 0 && at >= known.fromMs && toMs <= Math.min(known.toMs, endMs)) {
      return { source: name, fromMs: at, toMs };
    }
  }
  return undefined;
}

/** Up to where a sum could begin: by the hour where one fits, or is still filling and hours are what is asked by. */
function fromRollups(at: number, endMs: number, rest: 'minute' | 'hour'): Segment {
  const nextHour = at + HOUR_MS;
  if (at % HOUR_MS === 0 && (rest === 'hour' || nextHour <= endMs)) {
    return { source: 'rollupHours', fromMs: at, toMs: Math.min(nextHour, endMs) };
  }
  const nextMinute = Math.floor(at / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  return { source: 'rollupMinutes', fromMs: at, toMs: Math.min(nextMinute, endMs) };
}
