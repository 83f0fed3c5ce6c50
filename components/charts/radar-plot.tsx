'use client';

import {
  type DotItemDotProps,
  PolarAngleAxis,
  PolarGrid,
  PolarRadiusAxis,
  Polygon,
  type PolygonProps,
  Radar,
  RadarChart,
} from 'recharts';
import { VERDICT_STYLES } from '@/components/ui/verdict-mark';
import { type RadarAxis, TIERS } from './prepare-radar';

const RINGS = [TIERS.contraindicated.radius, TIERS.warning.radius, TIERS.affirming.radius];
const MARK = 10;

/**
 * The shape of a trust vector, drawn by recharts; decorative beside the claims in words. Load it by itself
 * (`deferred`): the library is large.
 */
export default function RadarPlot({ axes }: { axes: readonly RadarAxis[] }) {
  return (
    <RadarChart
      aria-hidden
      accessibilityLayer={false}
      responsive
      data={axes}
      outerRadius="78%"
      margin={{ top: 0, right: 0, bottom: 0, left: 0 }}
      style={{ width: '100%', height: '100%' }}
    >
      <PolarGrid stroke="var(--color-line)" />
      <PolarAngleAxis
        dataKey="label"
        tick={{ fill: 'var(--color-dim)', fontSize: 11 }}
        tickLine={false}
        axisLine={false}
      />
      <PolarRadiusAxis domain={[0, 1]} ticks={RINGS} tick={false} axisLine={false} />
      <Radar
        dataKey="radius"
        fill="var(--color-accent)"
        fillOpacity={0.15}
        stroke="var(--color-accent)"
        strokeWidth={1.5}
        strokeLinejoin="round"
        shape={Claims}
        dot={ClaimMark}
        isAnimationActive={false}
      />
    </RadarChart>
  );
}

interface ClaimPoint {
  x: number;
  y: number;
  payload: RadarAxis;
}

/** A member that makes no claim is left out of the shape. */
function Claims({ points, ...props }: Omit<PolygonProps, 'points'> & { points: readonly ClaimPoint[] }) {
  return <Polygon {...props} points={points.filter(({ payload }) => payload.tier !== 'none')} />;
}

/** The claim's mark on its axis. */
function ClaimMark({ cx = 0, cy = 0, payload }: DotItemDotProps) {
  const { tier }: RadarAxis = payload;
  const style = VERDICT_STYLES[TIERS[tier].verdict];
  return (
    <path
      d={style.path}
      transform={`translate(${cx - MARK / 2} ${cy - MARK / 2})`}
      className={tier === 'none' ? `fill-card ${style.stroke}` : style.fill}
    />
  );
}
