import { VERDICT_ORDER } from '@/components/ui/verdict-mark';
import type { Verdict, VerdictSeries } from '@/lib/contracts';

/** A stretch of time that a chart counts as one. Times in milliseconds since the epoch. */
export interface TimeBucket {
  atMs: number;
  endMs: number;
  /** Whether it is still filling. */
  incomplete: boolean;
}

/** One bucket as plot, tooltip and table show it; `counts` and `total` are `null` where nothing was recorded. */
export interface VerdictPoint extends TimeBucket {
  counts: Readonly<Record<Verdict, number>> | null;
  total: number | null;
  /** Whether it stands between gaps, where a line through it has no length. */
  alone: boolean;
  /** How many there were in the same bucket of the period before; `null` where nothing is compared or recorded. */
  before: number | null;
  /** Labels of the staff changes that happened in it. */
  changes: readonly string[];
}

/** The buckets of a series, in their order, each beside its like of the period before where that is given. */
export function preparePoints(series: VerdictSeries, before?: VerdictSeries): VerdictPoint[] {
  // Buckets of other lengths are not each other's like.
  const likes = before?.bucketSeconds === series.bucketSeconds ? before.points : [];
  const isRecorded = (index: number) => (series.points[index]?.counts ?? null) !== null;
  return series.points.map(({ at, counts, incomplete }, index) => {
    const atMs = Date.parse(at);
    const endMs = atMs + series.bucketSeconds * 1_000;
    return {
      atMs,
      endMs,
      counts,
      total: totalOf(counts),
      before: totalOf(likes[index]?.counts ?? null),
      incomplete,
      alone: isRecorded(index) && !isRecorded(index - 1) && !isRecorded(index + 1),
      changes: changesWithin(series, atMs, endMs),
    };
  });
}

function totalOf(counts: VerdictPoint['counts']): number | null {
  return counts === null ? null : VERDICT_ORDER.reduce((sum, verdict) => sum + counts[verdict], 0);
}

function changesWithin(series: VerdictSeries, fromMs: number, toMs: number): string[] {
  return series.markers
    .filter((marker) => Date.parse(marker.at) >= fromMs && Date.parse(marker.at) < toMs)
    .map((marker) => marker.label);
}
