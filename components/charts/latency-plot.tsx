'use client';

import { useMemo } from 'react';
import { Line, LineChart } from 'recharts';
import { describeLatency, LatencyTooltip } from './latency-tooltip';
import { IncompleteHatch } from './plot-parts';
import { formatLatency, PERCENTILES, type PreparedLatency } from './prepare-latency';
import { LINE, LINE_CURSOR, LineAxes, marginOf, type PlotProps, TimePlot } from './time-plot';

const MARGIN = marginOf(12);

/** Percentiles over time, drawn by recharts. Load it by itself (`deferred`): the library is large. */
export default function LatencyPlot({ label, prepared, ...plot }: PlotProps<PreparedLatency>) {
  const drawing = useMemo(() => drawingOf(prepared), [prepared]);
  return (
    <TimePlot
      {...plot}
      chart={LineChart}
      label={`${label}. ${summary(prepared)}`}
      points={prepared.points}
      margin={MARGIN}
      end="atMs"
      cursor={LINE_CURSOR}
      tooltip={<LatencyTooltip timeZone={plot.timeZone} />}
      say={describeLatency}
    >
      {drawing}
    </TimePlot>
  );
}

function drawingOf({ timeTicks, incomplete }: PreparedLatency) {
  return (
    <>
      <LineAxes ticks={timeTicks} format={formatLatency} />
      {PERCENTILES.toReversed().map(({ id, colour, dash }) => (
        <Line key={id} {...LINE} dataKey={id} stroke={`var(--color-${colour})`} strokeDasharray={dash} />
      ))}
      {incomplete === null ? null : <IncompleteHatch {...incomplete} />}
    </>
  );
}

function summary({ total }: PreparedLatency): string {
  return PERCENTILES.map(({ id, meaning }) => `${meaning} than ${formatLatency(total[id])}`).join('; ');
}
