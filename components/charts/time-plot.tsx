'use client';

import type { ReactElement, ReactNode } from 'react';
import { CartesianGrid, type DotItemDotProps, type LineChart, YAxis } from 'recharts';
import { ActiveBucket } from './active-bucket';
import { AXIS_LABEL, PLOT_INSET } from './plot-axes';
import { PlotFrame } from './plot-frame';
import { BucketTooltip, Selection, TimeAxis } from './plot-parts';
import type { TimeBucket } from './prepare-points';
import type { TimeTick } from './scale';
import { usePlotZoom, type ZoomHandler } from './use-plot-zoom';

/** What a plot over time is given by whoever places it. */
export interface PlotProps<Prepared> {
  label: string;
  prepared: Prepared;
  timeZone: string;
  onZoom: ZoomHandler | undefined;
  /** Charts of the same group show the time that is hovered in one of them. */
  group?: string | undefined;
}

export interface TimePlotProps<Bucket extends TimeBucket> extends Omit<PlotProps<Bucket>, 'prepared'> {
  /** The chart of recharts, all of which take the same. */
  chart: typeof LineChart;
  points: readonly Bucket[];
  /** Pixels between the chart's edges and its plot, its labels included. */
  inset?: { left: number; right: number };
  /** Pixels around all that is drawn. */
  margin: { top: number; right: number; bottom: number; left: number };
  /** Where a bucket ends on the axis: where the next begins for lines, which go from beginning to beginning. */
  end: 'atMs' | 'endMs';
  /** How the active bucket is marked: attributes of SVG. */
  cursor: Record<string, string>;
  /** The active bucket in figures; recharts gives it `payload`. */
  tooltip: ReactElement;
  /** What a bucket holds, in words. */
  say: (bucket: Bucket) => string;
  /** How wide bars are, of the room that each has. */
  bars?: { barSize?: string; barCategoryGap?: string };
  /** Axes and marks. Keep them the same while nothing changes: recharts draws all of them anew otherwise. */
  children: ReactNode;
}

/** The frame of every plot over time: dragging selects, pointer and arrow keys go from bucket to bucket, which is said. */
export function TimePlot<Bucket extends TimeBucket>({
  chart: Chart,
  label,
  points,
  inset = PLOT_INSET,
  margin,
  end,
  cursor,
  tooltip,
  say,
  bars,
  timeZone,
  onZoom,
  group,
  children,
}: TimePlotProps<Bucket>) {
  const { span, active, chart, frame } = usePlotZoom({ points, inset, onZoom });
  return (
    <PlotFrame {...frame}>
      {(live) => (
        <Chart
          {...chart}
          {...bars}
          {...(group === undefined ? {} : { syncId: group, syncMethod: 'value' })}
          accessibilityLayer
          responsive
          data={points}
          aria-label={label}
          aria-roledescription="chart"
          margin={margin}
          style={{ width: '100%', height: '100%', cursor: onZoom === undefined ? 'default' : 'crosshair' }}
        >
          {children}
          <Selection span={span} points={points} end={end} />
          <BucketTooltip content={tooltip} cursor={cursor} top={margin.top} />
          <ActiveBucket points={points} say={say} timeZone={timeZone} live={live} active={active} />
        </Chart>
      )}
    </PlotFrame>
  );
}

/** Pixels around a plot with labels beside and below it, whose labels `top` has room for. */
export function marginOf(top: number): TimePlotProps<TimeBucket>['margin'] {
  return { top, right: PLOT_INSET.right, bottom: 0, left: 0 };
}

/** How the active bucket of lines is marked. */
export const LINE_CURSOR = { stroke: 'var(--color-dim)' };

export interface LineAxesProps {
  ticks: readonly TimeTick[];
  /** What a value is called beside its line of the grid; zero needs no name. */
  format: (value: number) => string;
  allowDecimals?: boolean;
}

/** Grid, times and values of a plot that is made up of lines. */
export function LineAxes({ ticks, format, allowDecimals = true }: LineAxesProps) {
  return (
    <>
      <CartesianGrid vertical={false} stroke="var(--color-line)" />
      <TimeAxis dataKey="atMs" domain={['dataMin', 'dataMax']} ticks={ticks} height={32} />
      <YAxis
        domain={[0, 'auto']}
        tickCount={5}
        allowDecimals={allowDecimals}
        tickFormatter={(value: number) => (value === 0 ? '' : format(value))}
        tick={AXIS_LABEL}
        tickSize={0}
        tickMargin={8}
        axisLine={false}
        width={PLOT_INSET.left}
      />
    </>
  );
}

/** How every line over time is drawn: gaps stay gaps, and a bucket between gaps is a dot. */
export const LINE = {
  strokeWidth: 1.5,
  strokeLinejoin: 'round',
  connectNulls: false,
  dot: LonePoint,
  activeDot: false,
  isAnimationActive: false,
} as const;

/** A bucket between gaps, which a line could not show. */
function LonePoint({ cx, cy, stroke, payload }: DotItemDotProps) {
  if (cy === undefined || !payload.alone) return null;
  return <circle cx={cx} cy={cy} r={2} fill={stroke} />;
}
