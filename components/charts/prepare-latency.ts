import type { Latency } from '@/lib/contracts';
import type { TimeBucket } from './prepare-points';
import { type TimeTick, timeTicks } from './scale';

/** The percentiles from low to high, with how each is drawn: the middle stands out, the tail is fainter and dashed. */
export const PERCENTILES = [
  { id: 'p50', meaning: 'Half of the attestations took no longer', colour: 'accent', dash: '' },
  { id: 'p95', meaning: '95 of 100 took no longer', colour: 'dim', dash: '' },
  { id: 'p99', meaning: '99 of 100 took no longer', colour: 'faint', dash: '4 3' },
] as const;

/** One bucket of the chart; milliseconds, `null` where nothing attested. */
export interface LatencyPoint extends TimeBucket {
  p50: number | null;
  p95: number | null;
  p99: number | null;
  /** Whether it stands between gaps, where a line through it has no length. */
  alone: boolean;
}

export interface PreparedLatency {
  points: readonly LatencyPoint[];
  timeTicks: readonly TimeTick[];
  /** The stretch of the time axis that leads to the last, still incomplete bucket; `null` where it is complete. */
  incomplete: { fromMs: number; toMs: number } | null;
  /** Over the whole period. */
  total: Latency['total'];
  /** Whether anything was measured. */
  measured: boolean;
}

/** Prepares latencies for the chart, whose axis ends where the last bucket begins. */
export function prepareLatency(latency: Latency, timeZone: string): PreparedLatency {
  const isMeasured = (index: number) => (latency.points[index]?.p50 ?? null) !== null;
  const points = latency.points.map(({ at, ...point }, index) => {
    const atMs = Date.parse(at);
    const endMs = atMs + latency.bucketSeconds * 1_000;
    const alone = isMeasured(index) && !isMeasured(index - 1) && !isMeasured(index + 1);
    return { ...point, atMs, endMs, alone };
  });
  const last = points.at(-1);
  const fromMs = points[0]?.atMs ?? Date.parse(latency.from);
  const toMs = last?.atMs ?? fromMs;
  return {
    points,
    timeTicks: timeTicks(fromMs, toMs, timeZone),
    incomplete: last?.incomplete === true ? { fromMs: points.at(-2)?.atMs ?? fromMs, toMs } : null,
    total: latency.total,
    measured: latency.total.p50 !== null || points.some(({ p50 }) => p50 !== null),
  };
}

/** Milliseconds as the chart says them: "3.2 ms" while a digit matters, then "84 ms", "1.2 s". */
export function formatLatency(ms: number | null): string {
  if (ms === null) return '–';
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 10 && ms > 0 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}
