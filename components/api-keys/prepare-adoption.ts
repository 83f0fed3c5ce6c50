import type { TimeBucket } from '@/components/charts/prepare-points';
import { type TimeTick, timeTicks } from '@/components/charts/scale';
import type { ApiKeyDetail } from '@/lib/contracts';

/** Versions that a chart shows at most: the newest ones. */
const MOST_LINES = 4;
const COLOURS = ['accent', 'flagged', 'dim', 'faint'] as const;

/** One line of the chart. */
export interface AdoptionLine {
  version: number;
  /** Name of the member of each point. */
  id: string;
  colour: (typeof COLOURS)[number];
}

/** Devices per version at one time, by the line's id. */
export interface AdoptionPoint extends TimeBucket {
  devices: Readonly<Record<string, number>>;
}

export interface PreparedAdoption {
  lines: readonly AdoptionLine[];
  points: readonly AdoptionPoint[];
  timeTicks: readonly TimeTick[];
}

/** Prepares how devices moved between versions: a line per version that some device had, the newest first. */
export function prepareAdoption(
  { times, delivered }: ApiKeyDetail['adoption'],
  timeZone: string,
): PreparedAdoption {
  const shown = delivered
    .filter(({ devices }) => devices.some((count) => count > 0))
    .sort((a, b) => b.version - a.version)
    .slice(0, MOST_LINES);
  const lines = shown.map(({ version }, index) => ({
    version,
    id: `v${version}`,
    colour: COLOURS[index] ?? 'faint',
  }));
  const at = times.map((time) => Date.parse(time));
  const points = at.map((atMs, index) => ({
    atMs,
    endMs: at[index + 1] ?? atMs,
    incomplete: index === at.length - 1,
    devices: Object.fromEntries(shown.map(({ version, devices }) => [`v${version}`, devices[index] ?? 0])),
  }));
  return { lines, points, timeTicks: timeTicks(at[0] ?? 0, at.at(-1) ?? 0, timeZone) };
}
