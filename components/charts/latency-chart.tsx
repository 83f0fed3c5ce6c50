'use client';

import { type ReactNode, useMemo } from 'react';
import { deferred } from '@/components/ui/deferred';
import { Table, Td, Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { useTimeZone } from '@/components/ui/use-viewer';
import type { Latency } from '@/lib/contracts';
import { ChartCard } from './chart-card';
import { PercentileKey } from './latency-tooltip';
import { PlotPlaceholder } from './plot-placeholder';
import { formatLatency, type LatencyPoint, PERCENTILES, prepareLatency } from './prepare-latency';
import { bucketLabel } from './scale';
import type { ZoomHandler } from './use-plot-zoom';

const LatencyPlot = deferred(() => import('./latency-plot'), { placeholder: PlotPlaceholder });

const TITLE = 'Latency';

export interface LatencyChartProps {
  latency: Latency;
  onZoom?: ZoomHandler;
  /** Charts of the same group show the time that is hovered in one of them. */
  group?: string;
  /** What to show where nothing was measured. */
  empty: ReactNode;
}

/** How long attestations took on the service: the middle and the tail, over time. It has a table form. */
export function LatencyChart({ latency, onZoom, group, empty }: LatencyChartProps) {
  const timeZone = useTimeZone();
  const prepared = useMemo(() => prepareLatency(latency, timeZone), [latency, timeZone]);
  const unit = bucketLabel(latency.bucketSeconds);
  return (
    <ChartCard
      title={TITLE}
      note={unit}
      {...(prepared.measured ? { legend: <Totals total={prepared.total} /> } : {})}
      chart={
        prepared.measured ? (
          <div className="h-52">
            <LatencyPlot
              label={`${TITLE} of attestations ${unit}`}
              prepared={prepared}
              timeZone={timeZone}
              onZoom={onZoom}
              group={group}
            />
          </div>
        ) : (
          empty
        )
      }
      table={<LatencyTable points={prepared.points} />}
    />
  );
}

/** The percentiles of the whole period, which are the legend as well. */
function Totals({ total }: Pick<Latency, 'total'>) {
  return (
    <ul className="flex flex-wrap gap-x-4 text-sm">
      {PERCENTILES.map(({ id, meaning }) => (
        <li key={id} data-tooltip={`${meaning} than this.`} className="flex items-center gap-1.5">
          <PercentileKey id={id} />
          <span className="text-dim">{id}</span>
          <span className="font-medium">{formatLatency(total[id])}</span>
        </li>
      ))}
    </ul>
  );
}

function LatencyTable({ points }: { points: readonly LatencyPoint[] }) {
  return (
    <Table>
      <thead className="sticky top-0 bg-card">
        <tr>
          <Th>From</Th>
          {PERCENTILES.map(({ id }) => (
            <Th key={id} numeric>
              {id}
            </Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {points.toReversed().map((point) => (
          <tr key={point.atMs}>
            <Td>
              <Time at={point.atMs} format="exact" />
              {point.incomplete ? <span className="ml-2 text-faint">still filling</span> : null}
            </Td>
            {PERCENTILES.map(({ id }) => (
              <Td key={id} numeric>
                {formatLatency(point[id])}
              </Td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
