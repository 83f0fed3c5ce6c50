'use client';

import { useMemo } from 'react';
import { CartesianGrid, type DotItemDotProps, Line, LineChart, YAxis } from 'recharts';
import { ActiveBucket } from './active-bucket';
import { describeLatency, LatencyTooltip } from './latency-tooltip';
import { AXIS_LABEL, PLOT_INSET } from './plot-axes';
import { PlotFrame } from './plot-frame';
import { BucketTooltip, IncompleteHatch, Selection, TimeAxis } from './plot-parts';
import { formatLatency, PERCENTILES, type PreparedLatency } from './prepare-latency';
import { usePlotZoom, type ZoomHandler } from './use-plot-zoom';

const MARGIN = { top: 12, right: PLOT_INSET.right, bottom: 0, left: 0 };

export interface LatencyPlotProps {
  label: string;
  prepared: PreparedLatency;
  timeZone: string;
  onZoom: ZoomHandler | undefined;
  /** Charts of the same group show the time that is hovered in one of them. */
  group: string | undefined;
}

/** Percentiles over time, drawn by recharts. Load it by itself (`deferred`): the library is large. */
export default function LatencyPlot({ label, prepared, timeZone, onZoom, group }: LatencyPlotProps) {
  const { points } = prepared;
  const { span, active, chart, frame } = usePlotZoom({ points, inset: PLOT_INSET, onZoom });
  // Kept while a selection grows: recharts would draw all of it anew.
  const drawing = useMemo(() => drawingOf(prepared), [prepared]);
  return (
    <PlotFrame {...frame}>
      {(live) => (
        <LineChart
          {...chart}
          {...(group === undefined ? {} : { syncId: group, syncMethod: 'value' })}
          accessibilityLayer
          responsive
          data={points}
          aria-label={`${label}. ${summary(prepared)}`}
          aria-roledescription="chart"
          margin={MARGIN}
          style={{ width: '100%', height: '100%', cursor: onZoom === undefined ? 'default' : 'crosshair' }}
        >
          {drawing}
          <Selection span={span} points={points} end="atMs" />
          <BucketTooltip
            content={<LatencyTooltip timeZone={timeZone} />}
            cursor={{ stroke: 'var(--color-dim)' }}
            top={MARGIN.top}
          />
          <ActiveBucket
            points={points}
            say={describeLatency}
            timeZone={timeZone}
            live={live}
            active={active}
          />
        </LineChart>
      )}
    </PlotFrame>
  );
}

function drawingOf({ timeTicks, incomplete }: PreparedLatency) {
  return (
    <>
      <CartesianGrid vertical={false} stroke="var(--color-line)" />
      <TimeAxis dataKey="atMs" domain={['dataMin', 'dataMax']} ticks={timeTicks} height={32} />
      <YAxis
        domain={[0, 'auto']}
        tickCount={5}
        tickFormatter={(ms: number) => (ms === 0 ? '' : formatLatency(ms))}
        tick={AXIS_LABEL}
        tickSize={0}
        tickMargin={8}
        axisLine={false}
        width={PLOT_INSET.left}
      />
      {PERCENTILES.toReversed().map(({ id, colour, dash }) => (
        <Line
          key={id}
          dataKey={id}
          stroke={`var(--color-${colour})`}
          strokeWidth={1.5}
          strokeDasharray={dash}
          strokeLinejoin="round"
          connectNulls={false}
          dot={LonePoint}
          activeDot={false}
          isAnimationActive={false}
        />
      ))}
      {incomplete === null ? null : <IncompleteHatch {...incomplete} />}
    </>
  );
}

/** A bucket between gaps, which a line could not show. */
function LonePoint({ cx, cy, stroke, payload }: DotItemDotProps) {
  if (cy === undefined || !payload.alone) return null;
  return <circle cx={cx} cy={cy} r={2} fill={stroke} />;
}

function summary({ total }: PreparedLatency): string {
  return PERCENTILES.map(({ id, meaning }) => `${meaning} than ${formatLatency(total[id])}`).join('; ');
}
