'use client';

import { formatExact } from '@/components/ui/time-format';
import { formatLatency, type LatencyPoint, PERCENTILES } from './prepare-latency';

/** The percentiles of a bucket, in words. */
export function describeLatency({ p50, p95, p99 }: LatencyPoint): string {
  if (p50 === null) return 'nothing measured';
  return `p50 ${formatLatency(p50)}, p95 ${formatLatency(p95)}, p99 ${formatLatency(p99)}`;
}

export interface LatencyTooltipProps {
  timeZone: string;
  /** Set by recharts: what each line shows there. */
  payload?: readonly { payload?: LatencyPoint }[];
}

/** One bucket: every percentile in the legend's order. It stands beside the pointer. */
export function LatencyTooltip({ timeZone, payload = [] }: LatencyTooltipProps) {
  const point = payload[0]?.payload;
  if (point === undefined) return null;
  return (
    <div className="w-max rounded-[8px] border bg-card px-3 py-2 text-sm shadow-overlay">
      <p className="mb-1 text-dim">
        {formatExact(point.atMs, timeZone)}
        {point.incomplete ? ', still filling' : ''}
      </p>
      {point.p50 === null ? (
        <p>Nothing was measured.</p>
      ) : (
        <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-0.5">
          {PERCENTILES.map(({ id }) => (
            <div key={id} className="col-span-2 grid grid-cols-subgrid">
              <dt className="flex items-center gap-1.5">
                <PercentileKey id={id} />
                {id}
              </dt>
              <dd className="text-right font-medium">{formatLatency(point[id])}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

const STROKES = { p50: 'stroke-accent', p95: 'stroke-dim', p99: 'stroke-faint' } as const;

/** A piece of a percentile's line. */
export function PercentileKey({ id }: { id: (typeof PERCENTILES)[number]['id'] }) {
  const dash = PERCENTILES.find((one) => one.id === id)?.dash ?? '';
  return (
    <svg aria-hidden viewBox="0 0 14 4" className="h-1 w-3.5 shrink-0">
      <path d="M0 2H14" strokeWidth="1.75" strokeDasharray={dash} className={STROKES[id]} />
    </svg>
  );
}
