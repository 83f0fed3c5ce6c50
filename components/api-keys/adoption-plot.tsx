'use client';

import { useMemo } from 'react';
import { CartesianGrid, Line, LineChart, YAxis } from 'recharts';
import { ActiveBucket } from '@/components/charts/active-bucket';
import { AXIS_LABEL, PLOT_INSET } from '@/components/charts/plot-axes';
import { PlotFrame } from '@/components/charts/plot-frame';
import { BucketTooltip, TimeAxis } from '@/components/charts/plot-parts';
import { usePlotZoom } from '@/components/charts/use-plot-zoom';
import { formatCompact, formatCount } from '@/components/ui/format';
import { formatExact } from '@/components/ui/time-format';
import type { AdoptionLine, AdoptionPoint, PreparedAdoption } from './prepare-adoption';

const MARGIN = { top: 12, right: PLOT_INSET.right, bottom: 0, left: 0 };

export interface AdoptionPlotProps {
  label: string;
  prepared: PreparedAdoption;
  timeZone: string;
}

/** Devices per version over time, drawn by recharts. Load it by itself (`deferred`): the library is large. */
export default function AdoptionPlot({ label, prepared, timeZone }: AdoptionPlotProps) {
  const { points, lines } = prepared;
  const { active, chart, frame } = usePlotZoom({ points, inset: PLOT_INSET, onZoom: undefined });
  const drawing = useMemo(() => drawingOf(prepared), [prepared]);
  return (
    <PlotFrame {...frame}>
      {(live) => (
        <LineChart
          {...chart}
          accessibilityLayer
          responsive
          data={points}
          aria-label={label}
          aria-roledescription="chart"
          margin={MARGIN}
          style={{ width: '100%', height: '100%' }}
        >
          {drawing}
          <BucketTooltip
            content={<AdoptionTooltip lines={lines} timeZone={timeZone} />}
            cursor={{ stroke: 'var(--color-dim)' }}
            top={MARGIN.top}
          />
          <ActiveBucket
            points={points}
            say={(point) => inWords(point, lines)}
            timeZone={timeZone}
            live={live}
            active={active}
          />
        </LineChart>
      )}
    </PlotFrame>
  );
}

function drawingOf({ timeTicks, lines }: PreparedAdoption) {
  return (
    <>
      <CartesianGrid vertical={false} stroke="var(--color-line)" />
      <TimeAxis dataKey="atMs" domain={['dataMin', 'dataMax']} ticks={timeTicks} height={32} />
      <YAxis
        domain={[0, 'auto']}
        allowDecimals={false}
        tickCount={5}
        tickFormatter={formatCompact}
        tick={AXIS_LABEL}
        tickSize={0}
        tickMargin={8}
        axisLine={false}
        width={PLOT_INSET.left}
      />
      {lines.toReversed().map(({ id, colour }) => (
        <Line
          key={id}
          type="stepAfter"
          dataKey={`devices.${id}`}
          stroke={`var(--color-${colour})`}
          strokeWidth={1.5}
          dot={false}
          activeDot={false}
          isAnimationActive={false}
        />
      ))}
    </>
  );
}

function inWords({ devices }: AdoptionPoint, lines: readonly AdoptionLine[]): string {
  return lines.map(({ id, version }) => `version ${version} ${formatCount(devices[id] ?? 0)}`).join(', ');
}

interface AdoptionTooltipProps {
  lines: readonly AdoptionLine[];
  timeZone: string;
  /** Set by recharts: what each line shows there. */
  payload?: readonly { payload?: AdoptionPoint }[];
}

function AdoptionTooltip({ lines, timeZone, payload = [] }: AdoptionTooltipProps) {
  const point = payload[0]?.payload;
  if (point === undefined) return null;
  return (
    <div className="w-max rounded-[8px] border bg-card px-3 py-2 text-sm shadow-overlay">
      <p className="mb-1 text-dim">{formatExact(point.atMs, timeZone)}</p>
      <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-0.5">
        {lines.map((line) => (
          <div key={line.id} className="col-span-2 grid grid-cols-subgrid">
            <dt>version {line.version}</dt>
            <dd className="text-right font-medium">{formatCount(point.devices[line.id] ?? 0)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
