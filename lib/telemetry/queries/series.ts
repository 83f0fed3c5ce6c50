import { VERDICTS, type Verdict, type VerdictSeries } from '@/lib/contracts';
import { bucketStarts, type TimeWindow } from './time-window';

/** Events of one verdict at an instant, to the minute or hour. */
export type VerdictCount = { atMs: number; verdict: string; events: number };

/** Events of one verdict in the bucket with this index. */
export interface BucketCount {
  index: number;
  verdict: string;
  events: number;
}

/**
 * The points of a series. A bucket that ended before anything was ever recorded is `null`, a gap; one in which nothing
 * happened is all zeros. The bucket that is still filling, or
 * reaches beyond the window, says so.
 */
export function seriesPoints(
  window: TimeWindow,
  counts: readonly BucketCount[],
  firstEventMs: number | null,
): VerdictSeries['points'] {
  const byBucket = new Map<number, Record<Verdict, number>>();
  for (const { index, verdict, events } of counts) {
    const bucket = byBucket.get(index) ?? emptyCounts();
    if (isVerdict(verdict)) bucket[verdict] += events;
    byBucket.set(index, bucket);
  }
  return bucketStarts(window).map((startMs, index) => ({
    at: new Date(startMs).toISOString(),
    counts:
      firstEventMs === null || startMs + window.bucketMs <= firstEventMs
        ? null
        : (byBucket.get(index) ?? emptyCounts()),
    incomplete: startMs + window.bucketMs > window.toMs,
  }));
}

function emptyCounts(): Record<Verdict, number> {
  return { trusted: 0, flagged: 0, restricted: 0, rejected: 0 };
}

function isVerdict(text: string): text is Verdict {
  return (VERDICTS as readonly string[]).includes(text);
}
