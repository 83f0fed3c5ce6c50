'use client';

import { useMemo } from 'react';
import { Bar, BarChart, YAxis } from 'recharts';
import { VERDICT_ORDER } from '@/components/ui/verdict-mark';
import { verdictColour } from './plot-axes';
import { IncompleteHatch, TimeAxis } from './plot-parts';
import type { PreparedHistogram } from './prepare-histogram';
import { staffMarker } from './staff-marker';
import { type PlotProps, TimePlot } from './time-plot';
import { describeVerdicts, VerdictTooltip } from './verdict-tooltip';

const INSET = { left: 16, right: 16 };
/** Above the plot there is room for the labels of markers, if there are any. */
const MARGINS = {
  marked: { top: 24, bottom: 0, ...INSET },
  plain: { top: 8, bottom: 0, ...INSET },
};
/** Rejected at the bottom, where small counts can be compared. */
const FROM_THE_BOTTOM = VERDICT_ORDER.toReversed();

/** The strip of bars over time, drawn by recharts. Load it by itself (`deferred`): the library is large. */
export default function HistogramPlot({ prepared, ...plot }: PlotProps<PreparedHistogram>) {
  const { bars, markers } = prepared;
  const drawing = useMemo(() => drawingOf(prepared), [prepared]);
  return (
    <TimePlot
      {...plot}
      chart={BarChart}
      points={bars}
      inset={INSET}
      margin={markers.length > 0 ? MARGINS.marked : MARGINS.plain}
      end="endMs"
      cursor={{ fill: 'var(--color-raised)' }}
      tooltip={<VerdictTooltip timeZone={plot.timeZone} />}
      say={describeVerdicts}
      // The distance to its neighbour is a bar's room, and one bar has none.
      bars={bars.length === 1 ? { barSize: '80%' } : { barCategoryGap: '10%' }}
    >
      {drawing}
    </TimePlot>
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
