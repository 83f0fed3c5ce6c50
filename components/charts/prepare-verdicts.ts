import { VERDICT_ORDER } from '@/components/ui/verdict-mark';
import type { Verdict, VerdictSeries } from '@/lib/contracts';
import { preparePoints, type VerdictPoint } from './prepare-points';
import { type TimeTick, timeTicks } from './scale';

/** A change made by staff, on the time axis. */
export interface PreparedMarker {
  atMs: number;
  label: string;
  auditId: number;
  /** Whether the label stands to the left of its line, because it would leave the chart on the right. */
  flipped: boolean;
  /** Row of the label, 0 or 1, so that neighbours do not overlap; `null` where there is no room for it. */
  row: number | null;
}

export interface PreparedVerdicts {
  points: readonly VerdictPoint[];
  markers: readonly PreparedMarker[];
  timeTicks: readonly TimeTick[];
  /** The stretch of the time axis that leads to the last, still incomplete bucket; `null` where it is complete. */
  incomplete: { fromMs: number; toMs: number } | null;
  /** Events by verdict over the whole range. */
  totals: Readonly<Record<Verdict, number>>;
  total: number;
}

/** Widths of a label's letter and of the gap around it, as shares of a chart of usual width. */
const LETTER = 0.0058;
const LABEL_GAP = 0.012;
const LABEL_ROWS = 2;

/**
 * Prepares a series for the stacked chart, whose axis ends where the last bucket begins. `before` is the period to compare
 * with, bucket by bucket.
 */
export function prepareVerdicts(
  series: VerdictSeries,
  timeZone: string,
  before?: VerdictSeries,
): PreparedVerdicts {
  const points = preparePoints(series, before);
  const fromMs = points[0]?.atMs ?? Date.parse(series.from);
  const last = points.at(-1);
  const toMs = last?.atMs ?? fromMs;
  const totals = sumByVerdict(points);
  return {
    points,
    markers: placeMarkers(series, fromMs, toMs),
    timeTicks: timeTicks(fromMs, toMs, timeZone),
    incomplete: last?.incomplete === true ? { fromMs: points.at(-2)?.atMs ?? fromMs, toMs } : null,
    totals,
    total: VERDICT_ORDER.reduce((sum, verdict) => sum + totals[verdict], 0),
  };
}

function sumByVerdict(points: readonly VerdictPoint[]): Record<Verdict, number> {
  const totals: Record<Verdict, number> = { trusted: 0, flagged: 0, restricted: 0, rejected: 0 };
  for (const { counts } of points) {
    for (const verdict of VERDICT_ORDER) totals[verdict] += counts?.[verdict] ?? 0;
  }
  return totals;
}

/** The changes of a series on its time axis, their labels in so many rows. */
export function placeMarkers(
  series: VerdictSeries,
  fromMs: number,
  toMs: number,
  rows = LABEL_ROWS,
): PreparedMarker[] {
  const rowEnds = Array.from({ length: rows }, () => Number.NEGATIVE_INFINITY);
  return series.markers
    .map(({ at, label, auditId }) => ({ atMs: Date.parse(at), label, auditId }))
    .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
    .sort((a, b) => a.atMs - b.atMs)
    .map((marker) => {
      const position = toMs === fromMs ? 0 : (marker.atMs - fromMs) / (toMs - fromMs);
      const width = marker.label.length * LETTER + LABEL_GAP;
      const flipped = position + width > 1;
      const start = flipped ? position - width : position;
      const free = rowEnds.findIndex((end) => end <= start);
      if (free === -1) return { ...marker, flipped, row: null };
      rowEnds[free] = start + width;
      return { ...marker, flipped, row: free };
    });
}
