import { addCounts, type Count, rateOf } from './model';

/** What was counted in one bucket. */
export interface BucketCounts extends Count {
  readonly atMs: number;
}

/** Where a rate moved, and what was counted from there on. */
export interface Onset {
  readonly sinceMs: number;
  readonly now: Count;
  /** Whether it may have moved before the first bucket that was looked at. */
  readonly maybeEarlier: boolean;
}

/**
 * The bucket from which on a series is best explained by a rate other than the usual one (maximum likelihood of a single
 * change to a rate that is higher). The buckets come oldest first.
 */
export function onsetOf(buckets: readonly BucketCounts[], usualRate: number): Onset | null {
  let best: { index: number; gain: number; now: Count } | undefined;
  for (let index = buckets.length - 1; index >= 0; index--) {
    const now = addCounts(buckets.slice(index));
    const rate = rateOf(now);
    if (now.events === 0 || rate <= usualRate) continue;
    const gain = logLikelihood(now, rate) - logLikelihood(now, usualRate);
    // Of places that explain it as well, the latest: it began no earlier than it shows.
    if (best === undefined || gain > best.gain) best = { index, gain, now };
  }
  const first = best && buckets[best.index];
  if (!best || !first) return null;
  return { sinceMs: first.atMs, now: best.now, maybeEarlier: best.index === 0 };
}

function logLikelihood({ hits, events }: Count, rate: number): number {
  const bounded = Math.min(1 - 1e-9, Math.max(1e-9, rate));
  return hits * Math.log(bounded) + (events - hits) * Math.log(1 - bounded);
}
