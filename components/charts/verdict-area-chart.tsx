'use client';

import { useMemo } from 'react';
import { deferred } from '@/components/ui/deferred';
import { useTimeZone } from '@/components/ui/use-viewer';
import type { VerdictSeries } from '@/lib/contracts';
import { ChartCard } from './chart-card';
import { PlotPlaceholder } from './plot-placeholder';
import { prepareVerdicts } from './prepare-verdicts';
import { bucketLabel } from './scale';
import type { ZoomHandler } from './use-plot-zoom';
import { VerdictLegend, type VerdictLegendProps } from './verdict-legend';
import { VerdictTable } from './verdict-table';
import { ZoomNote } from './zoom-note';

/** The plot itself is 208 px high; the room above it holds the labels of markers. */
const HEIGHT = { plain: 'h-63', marked: 'h-69' };

const VerdictAreaPlot = deferred(() => import('./verdict-area-plot'), {
  placeholder: PlotPlaceholder,
});

export interface VerdictAreaChartProps extends VerdictLegendProps {
  title?: string;
  series: VerdictSeries;
  /** The period before, bucket by bucket, to be drawn as a faint line. */
  before?: VerdictSeries | undefined;
  /** Called with the period that was dragged over, in milliseconds since the epoch. */
  onZoom?: ZoomHandler;
  /** Goes back to the period before the zoom; absent where nothing is zoomed. */
  onResetZoom?: (() => void) | undefined;
  /** Charts of the same group show the time that is hovered in one of them. */
  group?: string;
}

/** Verdicts over time, stacked, with staff changes marked. Drag over it to zoom; it has a table form. */
export function VerdictAreaChart({
  title = 'Verdicts',
  series,
  before,
  onZoom,
  onResetZoom,
  group,
  ...legend
}: VerdictAreaChartProps) {
  const timeZone = useTimeZone();
  const prepared = useMemo(() => prepareVerdicts(series, timeZone, before), [series, timeZone, before]);
  const unit = bucketLabel(series.bucketSeconds);
  return (
    <ChartCard
      title={title}
      note={<ZoomNote unit={unit} zoomable={onZoom !== undefined} onReset={onResetZoom} />}
      legend={
        <>
          <VerdictLegend {...legend} />
          {before === undefined ? null : <PeriodBeforeKey />}
        </>
      }
      chart={
        <div className={prepared.markers.length > 0 ? HEIGHT.marked : HEIGHT.plain}>
          <VerdictAreaPlot
            label={`${title} ${unit}`}
            prepared={prepared}
            timeZone={timeZone}
            onZoom={onZoom}
            group={group}
          />
        </div>
      }
      table={<VerdictTable points={prepared.points} compared={before !== undefined} />}
    />
  );
}

function PeriodBeforeKey() {
  return (
    <span className="flex items-center gap-1.5 text-sm text-dim">
      <svg aria-hidden viewBox="0 0 16 4" className="h-1 w-4">
        <path d="M0 2H16" strokeWidth="1.25" strokeDasharray="4 3" className="stroke-faint" />
      </svg>
      The period before
    </span>
  );
}
