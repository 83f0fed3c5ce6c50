'use client';

import { formatChange, formatCount, formatPercent, plural } from '@/components/ui/format';
import { formatExact } from '@/components/ui/time-format';
import { VERDICT_ORDER, VERDICT_STYLES, VerdictMark } from '@/components/ui/verdict-mark';
import type { VerdictPoint } from './prepare-points';

export interface VerdictTooltipProps {
  timeZone: string;
  /** Set by recharts: what each series shows there. */
  payload?: readonly { payload?: VerdictPoint }[];
}

/** How many there were in a bucket, in words. */
export function describeVerdicts({ total }: VerdictPoint): string {
  return total === null ? 'nothing recorded' : plural(total, 'attestation');
}

/** One bucket: every verdict in the legend's order, with its share. It stands beside the pointer. */
export function VerdictTooltip({ timeZone, payload = [] }: VerdictTooltipProps) {
  const point = payload[0]?.payload;
  if (point === undefined) return null;
  return (
    <div className="w-max rounded-[8px] border bg-card px-3 py-2 text-sm shadow-overlay">
      <p className="mb-1 text-dim">
        {formatExact(point.atMs, timeZone)}
        {point.incomplete ? ', still filling' : ''}
      </p>
      {point.changes.map((change) => (
        <p key={change} className="mb-1 max-w-60">
          {change}
        </p>
      ))}
      <Shares {...point} />
      {point.before === null ? null : (
        <p className="mt-0.5 flex justify-between gap-4 text-dim">
          <span>The period before</span>
          <span>
            {formatCount(point.before)}
            <span className="ml-2 text-faint">
              {point.incomplete ? '' : formatChange(point.total ?? 0, point.before)}
            </span>
          </span>
        </p>
      )}
    </div>
  );
}

function Shares({ counts, total }: VerdictPoint) {
  if (counts === null || total === null) return <p>Nothing was recorded.</p>;
  return (
    <dl className="grid grid-cols-[auto_1fr_auto] items-center gap-x-4 gap-y-0.5">
      {VERDICT_ORDER.map((verdict) => (
        <div key={verdict} className="col-span-3 grid grid-cols-subgrid">
          <dt className="flex items-center gap-1.5">
            <VerdictMark verdict={verdict} />
            {VERDICT_STYLES[verdict].label}
          </dt>
          <dd className="text-right font-medium">{formatCount(counts[verdict])}</dd>
          <dd className="text-right text-dim">
            {formatPercent(total === 0 ? null : counts[verdict] / total)}
          </dd>
        </div>
      ))}
      <div className="col-span-3 mt-0.5 grid grid-cols-subgrid border-t pt-1">
        <dt className="text-dim">All</dt>
        <dd className="text-right font-medium">{formatCount(total)}</dd>
      </div>
    </dl>
  );
}
