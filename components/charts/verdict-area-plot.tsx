'use client';

import { useMemo } from 'react';
import { Area, AreaChart, CartesianGrid, type DotItemDotProps, ReferenceLine, YAxis } from 'recharts';
import { formatCompact, formatCount, formatPercent } from '@/components/ui/format';
import { VERDICT_ORDER, VERDICT_STYLES } from '@/components/ui/verdict-mark';
import { ActiveBucket } from './active-bucket';
import { AXIS_LABEL, verdictColour } from './plot-axes';
import { PlotFrame } from './plot-frame';
import { BucketTooltip, IncompleteHatch, Selection, TimeAxis } from './plot-parts';
import type { PreparedMarker, PreparedVerdicts } from './prepare-verdicts';
import { usePlotZoom, type ZoomHandler } from './use-plot-zoom';

const INSET = { left: 48, right: 16 };
/** Above the plot there is room for the labels of markers, if there are any. */
const MARGINS = {
  marked: { top: 36, right: INSET.right, bottom: 0, left: 0 },
  plain: { top: 12, right: INSET.right, bottom: 0, left: 0 },
};
const MARKER_ROW = 15;

export interface VerdictAreaPlotProps {
  label: string;
  prepared: PreparedVerdicts;
  timeZone: string;
  onZoom: ZoomHandler | undefined;
}

/** The plot of verdicts over time, drawn by recharts. Load it by itself (`next/dynamic`): the library is large. */
export default function VerdictAreaPlot({ label, prepared, timeZone, onZoom }: VerdictAreaPlotProps) {
  const { points, markers } = prepared;
  const { span, active, chart, frame } = usePlotZoom({ points, inset: INSET, onZoom });
  const margin = markers.length > 0 ? MARGINS.marked : MARGINS.plain;
  // Kept while a selection grows: recharts would draw all of it anew.
  const drawing = useMemo(() => drawingOf(prepared), [prepared]);
  return (
    <PlotFrame {...frame}>
      {(live) => (
        <AreaChart
          {...chart}
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
          <BucketTooltip timeZone={timeZone} cursor={{ stroke: 'var(--color-dim)' }} top={margin.top} />
          <ActiveBucket points={points} timeZone={timeZone} live={live} active={active} />
        </AreaChart>
      )}
    </PlotFrame>
  );
}

function drawingOf({ timeTicks, incomplete, markers }: PreparedVerdicts) {
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
        width={INSET.left}
      />
      {VERDICT_ORDER.map(areaOf)}
      {incomplete === null ? null : <IncompleteHatch {...incomplete} />}
      {markers.map(markerOf)}
    </>
  );
}

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

/** A change made by staff; on a telephone only the tooltip says which. */
function markerOf(marker: PreparedMarker) {
  return (
    <ReferenceLine
      key={marker.auditId}
      x={marker.atMs}
      shape={({ x1, y1, y2 }: { x1: number; y1: number; y2: number }) => (
        <Marker marker={marker} x={x1} top={Math.min(y1, y2)} bottom={Math.max(y1, y2)} />
      )}
    />
  );
}

interface MarkerProps {
  marker: PreparedMarker;
  x: number;
  top: number;
  bottom: number;
}

/** A dashed hairline that rises above the plot to its label. */
function Marker({ marker, x, top, bottom }: MarkerProps) {
  const y = top - 8 - (1 - (marker.row ?? 1)) * MARKER_ROW;
  return (
    <g>
      <line x1={x} x2={x} y1={y - 8} y2={bottom} strokeDasharray="3 3" className="stroke-edge" />
      {marker.row === null ? null : (
        <text
          x={x}
          y={y}
          dx={marker.flipped ? -6 : 6}
          textAnchor={marker.flipped ? 'end' : 'start'}
          className="fill-dim stroke-card text-xs max-sm:hidden [paint-order:stroke] [stroke-width:4px]"
        >
          {marker.label}
        </text>
      )}
    </g>
  );
}

function summary({ totals, total }: PreparedVerdicts): string {
  const parts = VERDICT_ORDER.map(
    (verdict) =>
      `${VERDICT_STYLES[verdict].label} ${formatCount(totals[verdict])}, ${formatPercent(total === 0 ? null : totals[verdict] / total)}`,
  );
  return `${formatCount(total)} attestations: ${parts.join('; ')}.`;
}
