'use client';

import { useMemo } from 'react';
import { deferred } from '@/components/ui/deferred';
import { useTimeZone } from '@/components/ui/use-viewer';
import type { VerdictSeries } from '@/lib/contracts';
import { PlotPlaceholder } from './plot-placeholder';
import { prepareHistogram } from './prepare-histogram';

const HistogramPlot = deferred(() => import('./histogram-plot'), { placeholder: PlotPlaceholder });

export interface HistogramProps {
  series: VerdictSeries;
  /** What it counts, for assistive technology: "Attestations per 15 min". */
  label: string;
  /** Called with the period that was dragged over, in milliseconds since the epoch. */
  onZoom?: (period: { fromMs: number; toMs: number }) => void;
}

/** How the rows of a table are spread over time, in a low strip above it. The table is its table form. */
export function Histogram({ series, label, onZoom }: HistogramProps) {
  const timeZone = useTimeZone();
  const prepared = useMemo(() => prepareHistogram(series, timeZone), [series, timeZone]);
  return (
    <div className={prepared.markers.length > 0 ? 'h-26' : 'h-22'}>
      <HistogramPlot label={label} prepared={prepared} timeZone={timeZone} onZoom={onZoom} />
    </div>
  );
}
