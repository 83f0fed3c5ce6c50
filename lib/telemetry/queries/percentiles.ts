import type { Latency } from '@/lib/contracts';

/** Attestations at one place of a scale of latencies. */
export interface BinCount {
  bin: number;
  events: number;
}

type Percentiles = Latency['total'];

const SHARES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

/**
 * Percentiles of what was counted by bin, in milliseconds: each is the upper bound of the bin in which it lies, so that
 * it is never understated; beyond the scale there is only its end. `null` where nothing was counted. `upperBoundUs` gives a
 * bin's bound in microseconds.
 */
export function percentilesOf(
  counts: readonly BinCount[],
  upperBoundUs: (bin: number) => number,
): Percentiles {
  const sorted = [...counts].sort((a, b) => a.bin - b.bin);
  const total = sorted.reduce((all, { events }) => all + events, 0);
  const boundOf = (bin: number) => {
    const bound = upperBoundUs(bin);
    return Number.isFinite(bound) ? bound : upperBoundUs(bin - 1);
  };
  const at = (share: number): number | null => {
    let seen = 0;
    for (const { bin, events } of sorted) {
      seen += events;
      if (seen >= share * total) return boundOf(bin) / 1000;
    }
    return null;
  };
  if (total === 0) return { p50: null, p95: null, p99: null };
  return { p50: at(SHARES.p50), p95: at(SHARES.p95), p99: at(SHARES.p99) };
}
