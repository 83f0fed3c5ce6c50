'use client';

import { type ReactElement, useId } from 'react';
import { ReferenceArea, Tooltip, XAxis } from 'recharts';
import { AXIS_LABEL } from './plot-axes';
import { orderedSpan } from './plot-selection';
import type { TimeBucket } from './prepare-points';
import type { TimeTick } from './scale';
import type { PlotZoom } from './use-plot-zoom';

export interface TimeAxisProps {
  /** The member of a bucket that places it on the axis. */
  dataKey: string;
  domain: [number | 'dataMin', number | 'dataMax'];
  ticks: readonly TimeTick[];
  height: number;
  line?: boolean;
}

/** Times under the plot; where there is little room, only every second or third of them. */
export function TimeAxis({ ticks, line = false, ...axis }: TimeAxisProps) {
  return (
    <XAxis
      {...axis}
      type="number"
      ticks={ticks.map((tick) => tick.atMs)}
      tickFormatter={(atMs) => ticks.find((tick) => tick.atMs === atMs)?.label ?? ''}
      tick={AXIS_LABEL}
      tickSize={0}
      tickMargin={10}
      minTickGap={16}
      interval="equidistantPreserveStart"
      axisLine={line ? { stroke: 'var(--color-line)' } : false}
    />
  );
}

export interface BucketTooltipProps {
  /** The bucket in figures; recharts gives it `payload`. */
  content: ReactElement;
  /** How the bucket itself is marked: attributes of SVG. */
  cursor: Record<string, string>;
  /** Pixels between the top of the chart and its plot. */
  top: number;
}

/** The active bucket in figures, beside its place. */
export function BucketTooltip({ content, cursor, top }: BucketTooltipProps) {
  return (
    <Tooltip
      content={content}
      cursor={cursor}
      filterNull={false}
      isAnimationActive={false}
      offset={12}
      position={{ y: top + 8 }}
      // Above the heading of a table below, which sticks.
      wrapperStyle={{ zIndex: 20 }}
    />
  );
}

/** Stripes in the card's colour over a bucket that is still filling. */
export function IncompleteHatch({ fromMs, toMs }: { fromMs: number; toMs: number }) {
  const id = useId();
  return (
    <>
      <defs>
        <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="3" height="6" fill="var(--color-card)" fillOpacity="0.75" />
        </pattern>
      </defs>
      <ReferenceArea x1={fromMs} x2={toMs} fill={`url(#${id})`} fillOpacity={1} zIndex={350} />
    </>
  );
}

/** The buckets that are being selected, from the beginning of the first to `end` of the last. */
export function Selection({
  span,
  points,
  end,
}: {
  span: PlotZoom['span'];
  points: readonly TimeBucket[];
  end: 'atMs' | 'endMs';
}) {
  if (span === null) return null;
  const [first, last] = orderedSpan(span);
  const [from, to] = [points[first], points[last]];
  if (from === undefined || to === undefined) return null;
  return (
    <ReferenceArea
      x1={from.atMs}
      x2={to[end]}
      fill="var(--color-accent)"
      fillOpacity={0.2}
      stroke="var(--color-accent)"
      zIndex={450}
    />
  );
}
