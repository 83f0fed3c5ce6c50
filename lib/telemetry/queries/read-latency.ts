import type { VerbContext } from '@/lib/auth';
import type { Latency, TelemetryFilter } from '@/lib/contracts';
import { latencyBinUpperUs } from '../latency-bins';
import { narrowsFacets } from './conditions';
import { countLatencies, type LatencyCount } from './counters';
import { percentilesOf } from './percentiles';
import { readsOf } from './reads';
import { rollupScope } from './scope';
import { bucketStarts, type TimeWindow } from './time-window';

/**
 * How long attestations took, over time. Latencies are counted by app only: under any other facet, and where nothing
 * was counted, there is a gap. @throws AppError `permission_denied`, `request_invalid`
 */
export async function readLatency(ctx: VerbContext, filter: TelemetryFilter): Promise<Latency> {
  const { apps, window } = await rollupScope(ctx, filter);
  const counts = narrowsFacets(filter) ? [] : await countLatencies(readsOf(ctx), apps, window);
  return latencyOf(window, counts, latencyBinUpperUs);
}

/** The answer made of what was counted. */
export function latencyOf(
  window: TimeWindow,
  counts: readonly LatencyCount[],
  upperBoundUs: (bin: number) => number,
): Latency {
  const byBucket = new Map<number, LatencyCount[]>();
  for (const count of counts) byBucket.set(count.index, [...(byBucket.get(count.index) ?? []), count]);
  return {
    from: new Date(window.fromMs).toISOString(),
    to: new Date(window.toMs).toISOString(),
    bucketSeconds: window.bucketMs / 1000,
    total: percentilesOf(counts, upperBoundUs),
    points: bucketStarts(window).map((startMs, index) => ({
      at: new Date(startMs).toISOString(),
      ...percentilesOf(byBucket.get(index) ?? [], upperBoundUs),
      incomplete: startMs + window.bucketMs > window.toMs,
    })),
  };
}
