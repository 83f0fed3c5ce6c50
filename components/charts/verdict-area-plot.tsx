'use client';

import { useMemo } from 'react';
import { Area, AreaChart, CartesianGrid, type DotItemDotProps, YAxis } from 'recharts';
import { formatCompact, formatCount, formatPercent } from '@/components/ui/format';
import { VERDICT_ORDER, VERDICT_STYLES } from '@/components/ui/verdict-mark';
import { ActiveBucket } from './active-bucket';
import { AXIS_LABEL, PLOT_INSET, verdictColour } from './plot-axes';
import { PlotFrame } from './plot-frame';
import { BucketTooltip, IncompleteHatch, Selection, TimeAxis } from './plot-parts';
import type { PreparedVerdicts } from './prepare-verdicts';
import { staffMarker } from './staff-marker';
import { usePlotZoom, type ZoomHandler } from './use-plot-zoom';
import { describeVerdicts, VerdictTooltip } from './verdict-tooltip';

/** Above the plot there is room for the labels of markers, if there are any. */
const MARGINS = {
  marked: { top: 36, right: PLOT_INSET.right, bottom: 0, left: 0 },
  plain: { top: 12, right: PLOT_INSET.right, bottom: 0, left: 0 },
};

export interface VerdictAreaPlotProps {
  label: string;
  prepared: PreparedVerdicts;
  timeZone: string;
  onZoom: ZoomHandler | undefined;
  /** Charts of the same group show the time that is hovered in one of them. */
  group: string | undefined;
}

/** The plot of verdicts over time, drawn by recharts. Load it by itself (`deferred`): the library is large. */
export default function VerdictAreaPlot({ label, prepared, timeZone, onZoom, group }: VerdictAreaPlotProps) {
  const { points, markers } = prepared;
  const { span, active, chart, frame } = usePlotZoom({ points, inset: PLOT_INSET, onZoom });
  const margin = markers.length > 0 ? MARGINS.marked : MARGINS.plain;
  // Kept while a selection grows: recharts would draw all of it anew.
  const drawing = useMemo(() => drawingOf(prepared), [prepared]);
  return (
    <PlotFrame {...frame}>
      {(live) => (
        <AreaChart
          {...chart}
          {...(group === undefined ? {} : { syncId: group, syncMethod: 'value' })}
          accessibilityLayer
          responsive
          data={points}
          aria-label={`${label}. ${summary(prepared)}`}
          aria-roledescription="chart"
          margin={margin}
          style={{ width: '100%', height: '100%', cursor: onZoom === undefined ? 'default' : 'crosshair' }}
        >
          {drawing}
          <Selection span={span} points={points} end="atMs" />
          <BucketTooltip
            content={<VerdictTooltip timeZone={timeZone} />}
            cursor={{ stroke: 'var(--color-dim)' }}
            top={margin.top}
          />
          <ActiveBucket
            points={points}
            say={describeVerdicts}
            timeZone={timeZone}
            live={live}
            active={active}
          />
        </AreaChart>
      )}
    </PlotFrame>
  );
}

function drawingOf({ points, timeTicks, incomplete, markers }: PreparedVerdicts) {
  return (
    <>
      <CartesianGrid vertical={false} stroke="var(--color-line)" />
      <TimeAxis dataKey="atMs" domain={['dataMin', 'dataMax']} ticks={timeTicks} height={32} />
      <YAxis
        domain={[0, 'auto']}
        tickCount={5}
        allowDecimals={false}
        tickFormatter={(value: number) => (value === 0 ? '' : formatCompact(value))}
        tick={AXIS_LABEL}
        tickSize={0}
        tickMargin={8}
        axisLine={false}
        width={PLOT_INSET.left}
      />
      {VERDICT_ORDER.map(areaOf)}
      {points.some(({ before }) => before !== null) ? PERIOD_BEFORE : null}
      {incomplete === null ? null : <IncompleteHatch {...incomplete} />}
      {markers.map(staffMarker)}
    </>
  );
}

/** All attestations of the period before, as a faint line over the stack. */
const PERIOD_BEFORE = (
  <Area
    dataKey="before"
    fill="none"
    stroke="var(--color-faint)"
    strokeWidth={1.25}
    strokeDasharray="4 3"
    connectNulls={false}
    dot={false}
    activeDot={false}
    isAnimationActive={false}
  />
);

function areaOf(verdict: (typeof VERDICT_ORDER)[number]) {
  const colour = verdictColour(verdict);
  return (
    <Area
      key={verdict}
      dataKey={`counts.${verdict}`}
      stackId="verdicts"
      fill={colour}
      fillOpacity={verdict === 'rejected' ? 0.5 : 0.2}
      stroke={colour}
      strokeWidth={1.5}
      strokeLinejoin="round"
      connectNulls={false}
      dot={LonePoint}
      activeDot={false}
      isAnimationActive={false}
    />
  );
}

/** A bucket between gaps, which a line could not show. */
function LonePoint({ cx, cy, stroke, payload }: DotItemDotProps) {
  if (cy === undefined || !payload.alone) return null;
  return <circle cx={cx} cy={cy} r={2} fill={stroke} />;
}

function summary({ totals, total }: PreparedVerdicts): string {
  const parts = VERDICT_ORDER.map(
    (verdict) =>
      `${VERDICT_STYLES[verdict].label} ${formatCount(totals[verdict])}, ${formatPercent(total === 0 ? null : totals[verdict] / total)}`,
  );
  return `${formatCount(total)} attestations: ${parts.join('; ')}.`;
}
