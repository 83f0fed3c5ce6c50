import type { RangeName } from '@/lib/contracts';

/** Every named range, shortest first, with its length in seconds and its label. */
export const RANGE_CHOICES = {
  '15m': { seconds: 900, label: 'Last 15 minutes' },
  '1h': { seconds: 3_600, label: 'Last hour' },
  '6h': { seconds: 21_600, label: 'Last 6 hours' },
  '24h': { seconds: 86_400, label: 'Last 24 hours' },
  '7d': { seconds: 604_800, label: 'Last 7 days' },
  '30d': { seconds: 2_592_000, label: 'Last 30 days' },
} as const satisfies Readonly<Record<RangeName, { seconds: number; label: string }>>;

export const RANGE_NAMES = Object.keys(RANGE_CHOICES) as RangeName[];
export const DEFAULT_RANGE: RangeName = '24h';

/** A period that ends now, or one that stands still. Times in milliseconds since the epoch. */
export type TimeRange =
  | { kind: 'named'; name: RangeName }
  | { kind: 'absolute'; fromMs: number; toMs: number };

/** The members of a URL that state a range, as `telemetryFilterSchema` reads them. */
export interface RangeParams {
  range: RangeName | null;
  from: string | null;
  to: string | null;
}

/** The range that URL members state. `from` and `to` win, if both are times and in order; else the name. */
export function readRange(params: RangeParams): TimeRange {
  const fromMs = Date.parse(params.from ?? '');
  const toMs = Date.parse(params.to ?? '');
  if (fromMs < toMs) return { kind: 'absolute', fromMs, toMs };
  return { kind: 'named', name: params.range ?? DEFAULT_RANGE };
}

/** The URL members that state a range; the default one needs none. */
export function writeRange(range: TimeRange): RangeParams {
  if (range.kind === 'absolute') {
    return {
      range: null,
      from: new Date(range.fromMs).toISOString(),
      to: new Date(range.toMs).toISOString(),
    };
  }
  return { range: range.name === DEFAULT_RANGE ? null : range.name, from: null, to: null };
}

/** When a range begins and ends, in milliseconds since the epoch. */
export function resolveRange(range: TimeRange, nowMs: number): { fromMs: number; toMs: number } {
  if (range.kind === 'absolute') return { fromMs: range.fromMs, toMs: range.toMs };
  return { fromMs: nowMs - RANGE_CHOICES[range.name].seconds * 1_000, toMs: nowMs };
}
