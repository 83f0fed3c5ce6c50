import type { RangeName } from '@/lib/contracts';
import type { QueryParams } from './api-fetch';

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

/** A period that ends now. Nobody chose it where it is the usual one, which no URL names. */
export interface NamedRange {
  kind: 'named';
  name: RangeName;
  usual?: true;
}

/** A period that ends now, or one that stands still. Times in milliseconds since the epoch. */
export type TimeRange = NamedRange | { kind: 'absolute'; fromMs: number; toMs: number };

/** The members of a URL that state a range, as `telemetryFilterSchema` reads them. */
export interface RangeParams {
  range: RangeName | null;
  from: string | null;
  to: string | null;
}

/** The range that pages look at where nobody chose one. */
export function usualRange(name: RangeName): NamedRange {
  return { kind: 'named', name, usual: true };
}

/** The range that URL members state: `from` and `to`, if both are times and in order; else the name; else the usual one. */
export function readRange(params: RangeParams, usual: RangeName): TimeRange {
  const fromMs = Date.parse(params.from ?? '');
  const toMs = Date.parse(params.to ?? '');
  if (fromMs < toMs) return { kind: 'absolute', fromMs, toMs };
  return params.range === null ? usualRange(usual) : { kind: 'named', name: params.range };
}

/** The URL members that state a range; the usual one has none, so that choosing nothing stays that. */
export function writeRange(range: TimeRange): RangeParams {
  if (range.kind === 'absolute') return { range: null, ...endsOf(range) };
  return { range: range.usual === true ? null : range.name, from: null, to: null };
}

/** A range as parameters of the API, and of links that are to show the same: the usual one is named, too. */
export function rangeParams(range: TimeRange): QueryParams {
  if (range.kind === 'named') return { range: range.name };
  return endsOf(range);
}

function endsOf({ fromMs, toMs }: { fromMs: number; toMs: number }): { from: string; to: string } {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

/** When a range begins and ends, in milliseconds since the epoch. */
export function resolveRange(range: TimeRange, nowMs: number): { fromMs: number; toMs: number } {
  if (range.kind === 'absolute') return { fromMs: range.fromMs, toMs: range.toMs };
  return { fromMs: nowMs - RANGE_CHOICES[range.name].seconds * 1_000, toMs: nowMs };
}
