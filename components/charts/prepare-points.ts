import { VERDICT_ORDER } from '@/components/ui/verdict-mark';
import type { Verdict, VerdictSeries } from '@/lib/contracts';

/** One bucket as plot, tooltip and table show it; `counts` and `total` are `null` where nothing was recorded. */
export interface VerdictPoint {
  atMs: number;
  endMs: number;
  counts: Readonly<Record<Verdict, number>> | null;
  total: number | null;
  incomplete: boolean;
  /** Whether it stands between gaps, where a line through it has no length. */
  alone: boolean;
  /** Labels of the staff changes that happened in it. */
  changes: readonly string[];
}

/** The buckets of a series, in their order. */
export function preparePoints(series: VerdictSeries): VerdictPoint[] {
  const isRecorded = (index: number) => (series.points[index]?.counts ?? null) !== null;
  return series.points.map(({ at, counts, incomplete }, index) => {
    const atMs = Date.parse(at);
    const endMs = atMs + series.bucketSeconds * 1_000;
    return {
      atMs,
      endMs,
      counts,
      total: counts === null ? null : VERDICT_ORDER.reduce((sum, verdict) => sum + counts[verdict], 0),
      incomplete,
      alone: isRecorded(index) && !isRecorded(index - 1) && !isRecorded(index + 1),
      changes: changesWithin(series, atMs, endMs),
    };
  });
}

function changesWithin(series: VerdictSeries, fromMs: number, toMs: number): string[] {
  return series.markers
    .filter((marker) => Date.parse(marker.at) >= fromMs && Date.parse(marker.at) < toMs)
    .map((marker) => marker.label);
}
