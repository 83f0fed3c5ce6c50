'use client';

import { useMemo } from 'react';
import { Area, AreaChart } from 'recharts';
import { formatCompact, formatCount, formatPercent } from '@/components/ui/format';
import { VERDICT_ORDER, VERDICT_STYLES } from '@/components/ui/verdict-mark';
import { verdictColour } from './plot-axes';
import { IncompleteHatch } from './plot-parts';
import type { PreparedVerdicts } from './prepare-verdicts';
import { staffMarker } from './staff-marker';
import { LINE, LINE_CURSOR, LineAxes, marginOf, type PlotProps, TimePlot } from './time-plot';
import { describeVerdicts, VerdictTooltip } from './verdict-tooltip';

/** Above the plot there is room for the labels of markers, if there are any. */
const MARGINS = { marked: marginOf(36), plain: marginOf(12) };

/** The plot of verdicts over time, drawn by recharts. Load it by itself (`deferred`): the library is large. */
export default function VerdictAreaPlot({ label, prepared, ...plot }: PlotProps<PreparedVerdicts>) {
  const drawing = useMemo(() => drawingOf(prepared), [prepared]);
  return (
    <TimePlot
      {...plot}
      chart={AreaChart}
      label={`${label}. ${summary(prepared)}`}
      points={prepared.points}
      margin={prepared.markers.length > 0 ? MARGINS.marked : MARGINS.plain}
      end="atMs"
      cursor={LINE_CURSOR}
      tooltip={<VerdictTooltip timeZone={plot.timeZone} />}
      say={describeVerdicts}
    >
      {drawing}
    </TimePlot>
  );
}

function drawingOf({ points, timeTicks, incomplete, markers }: PreparedVerdicts) {
  return (
    <>
      <LineAxes ticks={timeTicks} format={formatCompact} allowDecimals={false} />
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
    {...LINE}
    dataKey="before"
    fill="none"
    stroke="var(--color-faint)"
    strokeWidth={1.25}
    strokeDasharray="4 3"
    dot={false}
  />
);

function areaOf(verdict: (typeof VERDICT_ORDER)[number]) {
  const colour = verdictColour(verdict);
  return (
    <Area
      key={verdict}
      {...LINE}
      dataKey={`counts.${verdict}`}
      stackId="verdicts"
      fill={colour}
      fillOpacity={verdict === 'rejected' ? 0.5 : 0.2}
      stroke={colour}
    />
  );
}

function summary({ totals, total }: PreparedVerdicts): string {
  const parts = VERDICT_ORDER.map(
    (verdict) =>
      `${VERDICT_STYLES[verdict].label} ${formatCount(totals[verdict])}, ${formatPercent(total === 0 ? null : totals[verdict] / total)}`,
  );
  return `${formatCount(total)} attestations: ${parts.join('; ')}.`;
}
