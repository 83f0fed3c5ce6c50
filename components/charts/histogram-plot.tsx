'use client';

import { useMemo } from 'react';
import { Bar, BarChart, YAxis } from 'recharts';
import { VERDICT_ORDER } from '@/components/ui/verdict-mark';
import { ActiveBucket } from './active-bucket';
import { verdictColour } from './plot-axes';
import { PlotFrame } from './plot-frame';
import { BucketTooltip, IncompleteHatch, Selection, TimeAxis } from './plot-parts';
import type { PreparedHistogram } from './prepare-histogram';
import { staffMarker } from './staff-marker';
import { usePlotZoom, type ZoomHandler } from './use-plot-zoom';
import { describeVerdicts, VerdictTooltip } from './verdict-tooltip';

const INSET = { left: 16, right: 16 };
/** Above the plot there is room for the labels of markers, if there are any. */
const MARGINS = {
  marked: { top: 24, bottom: 0, ...INSET },
  plain: { top: 8, bottom: 0, ...INSET },
};
/** Rejected at the bottom, where small counts can be compared. */
const FROM_THE_BOTTOM = VERDICT_ORDER.toReversed();

export interface HistogramPlotProps {
  label: string;
  prepared: PreparedHistogram;
  timeZone: string;
  onZoom: ZoomHandler | undefined;
}

/** The strip of bars over time, drawn by recharts. Load it by itself (`deferred`): the library is large. */
export default function HistogramPlot({ label, prepared, timeZone, onZoom }: HistogramPlotProps) {
  const { bars, markers } = prepared;
  const margin = markers.length > 0 ? MARGINS.marked : MARGINS.plain;
  const { span, active, chart, frame } = usePlotZoom({ points: bars, inset: INSET, onZoom });
  // Kept while a selection grows: recharts would draw all of it anew.
  const drawing = useMemo(() => drawingOf(prepared), [prepared]);
  return (
    <PlotFrame {...frame}>
      {(live) => (
        <BarChart
          {...chart}
          accessibilityLayer
          responsive
          data={bars}
          aria-label={label}
          aria-roledescription="chart"
          // The distance to its neighbour is a bar's room, and one bar has none.
          {...(bars.length === 1 ? { barSize: '80%' } : { barCategoryGap: '10%' })}
          margin={margin}
          style={{ width: '100%', height: '100%', cursor: onZoom === undefined ? 'default' : 'crosshair' }}
        >
          {drawing}
          <Selection span={span} points={bars} end="endMs" />
          <BucketTooltip
            content={<VerdictTooltip timeZone={timeZone} />}
            cursor={{ fill: 'var(--color-raised)' }}
            top={margin.top}
          />
          <ActiveBucket
            points={bars}
            say={describeVerdicts}
            timeZone={timeZone}
            live={live}
            active={active}
          />
        </BarChart>
      )}
    </PlotFrame>
  );
}

function drawingOf({ bars, fromMs, toMs, timeTicks, markers }: PreparedHistogram) {
  return (
    <>
      <TimeAxis dataKey="middleMs" domain={[fromMs, toMs]} ticks={timeTicks} height={24} line />
      <YAxis hide domain={[0, 'dataMax']} />
      {FROM_THE_BOTTOM.map((verdict) => (
        <Bar
          key={verdict}
          dataKey={`counts.${verdict}`}
          stackId="verdicts"
          fill={verdictColour(verdict)}
          fillOpacity={verdict === 'trusted' ? 0.45 : 0.9}
          isAnimationActive={false}
        />
      ))}
      {bars
        .filter((bar) => bar.incomplete)
        .map((bar) => (
          <IncompleteHatch key={bar.atMs} fromMs={bar.atMs} toMs={bar.endMs} />
        ))}
      {markers.map(staffMarker)}
    </>
  );
}
