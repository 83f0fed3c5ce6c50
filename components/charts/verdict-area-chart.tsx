'use client';

import dynamic from 'next/dynamic';
import { useMemo } from 'react';
import { useTimeZone } from '@/components/ui/use-viewer';
import type { VerdictSeries } from '@/lib/contracts';
import { ChartCard } from './chart-card';
import { PlotPlaceholder } from './plot-placeholder';
import { prepareVerdicts } from './prepare-verdicts';
import { bucketLabel } from './scale';
import { VerdictLegend } from './verdict-legend';
import { VerdictTable } from './verdict-table';

/** The plot itself is 208 px high; the room above it holds the labels of markers. */
const HEIGHT = { plain: 'h-63', marked: 'h-69' };

const VerdictAreaPlot = dynamic(() => import('./verdict-area-plot'), {
  ssr: false,
  loading: PlotPlaceholder,
});

export interface VerdictAreaChartProps {
  title?: string;
  series: VerdictSeries;
  /** Called with the period that was dragged over, in milliseconds since the epoch. */
  onZoom?: (period: { fromMs: number; toMs: number }) => void;
}

/** Verdicts over time, stacked, with staff changes marked. Drag over it to zoom; it has a table form. */
export function VerdictAreaChart({ title = 'Verdicts', series, onZoom }: VerdictAreaChartProps) {
  const timeZone = useTimeZone();
  const prepared = useMemo(() => prepareVerdicts(series, timeZone), [series, timeZone]);
  const unit = bucketLabel(series.bucketSeconds);
  return (
    <ChartCard
      title={title}
      note={
        <>
          <span className="max-sm:hidden">{onZoom === undefined ? '' : 'drag to zoom · '}</span>
          {unit}
        </>
      }
      legend={<VerdictLegend />}
      chart={
        <div className={prepared.markers.length > 0 ? HEIGHT.marked : HEIGHT.plain}>
          <VerdictAreaPlot
            label={`${title} ${unit}`}
            prepared={prepared}
            timeZone={timeZone}
            onZoom={onZoom}
          />
        </div>
      }
      table={<VerdictTable points={prepared.points} />}
    />
  );
}
