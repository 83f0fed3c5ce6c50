import { type Overview, threatTitle } from '@/lib/contracts';
import type { Breakdown, PartRow } from './breakdown';
import type { FacetFilter } from './conditions';
import type { TimeWindow } from './time-window';

const MINUTE_MS = 60_000;
const TOP_THREATS = 8;
const HEAT_MAP_THREATS = 6;
const HEAT_MAP_VERSIONS = 10;

/** Share of attestations that were not rejected, 0 to 1; `null` where there were none. */
export function passRateOf({ verdicts }: Pick<Breakdown, 'verdicts'>): number | null {
  const all = sum(verdicts);
  const rejected = sum(verdicts.filter(({ value }) => value === 'rejected'));
  return all === 0 ? null : (all - rejected) / all;
}

/** Mean attestations per minute of a window that has ended. */
export function meanPerMinute({ verdicts }: Pick<Breakdown, 'verdicts'>, window: TimeWindow): number {
  return sum(verdicts) / ((window.toMs - window.fromMs) / MINUTE_MS);
}

/** The threats that decided most often, and those that are filtered by, with how often they did in the period before. */
export function topThreats(
  now: Pick<Breakdown, 'threats'>,
  previous: Pick<Breakdown, 'threats'>,
  { threat: chosen }: Pick<FacetFilter, 'threat'>,
): Overview['topThreats'] {
  const before = new Map(previous.threats.map(({ value, events }) => [value, events]));
  const deciding = now.threats.filter(({ value }) => value !== '');
  return greatest(deciding, TOP_THREATS, chosen).map(({ value, events }) => ({
    threat: value,
    title: threatTitle(value),
    events,
    previous: before.get(value) ?? 0,
  }));
}

/**
 * In which share of each app version's attestations which threat decided: most used versions, most frequent threats, and
 * those that are filtered by.
 */
export function versionThreat(
  { versionThreats }: Pick<Breakdown, 'versionThreats'>,
  chosen: Pick<FacetFilter, 'threat' | 'appVersion'>,
): Overview['versionThreat'] {
  const deciding = versionThreats.filter(({ detail }) => detail !== '');
  const threats = greatest(totals(deciding, 'detail'), HEAT_MAP_THREATS, chosen.threat);
  const versions = greatest(totals(versionThreats, 'value'), HEAT_MAP_VERSIONS, chosen.appVersion);
  const cells = new Map(deciding.map((row) => [cellKey(row.value, row.detail), row.events]));
  return {
    threats: threats.map(({ value }) => value),
    rows: versions.map(({ value: appVersion, events }) => ({
      appVersion,
      attestations: events,
      shares: threats.map(({ value }) => (cells.get(cellKey(appVersion, value)) ?? 0) / events),
    })),
  };
}

/** Requests that were or would have been refused. */
export function refusedOf(requests: readonly { outcome: string; requests: number }[]): number {
  return requests.reduce((all, row) => (row.outcome === 'valid' ? all : all + row.requests), 0);
}

type Total = Pick<PartRow, 'value' | 'events'>;

/** The first rows, of those that come most first, and those of the rest that are chosen. */
function greatest<Row extends Total>(rows: readonly Row[], count: number, chosen: readonly string[]): Row[] {
  return rows.filter(({ value }, index) => index < count || chosen.includes(value));
}

/** Events by what rows have in common, most first. */
function totals(rows: readonly PartRow[], column: 'value' | 'detail'): Total[] {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(row[column], (sums.get(row[column]) ?? 0) + row.events);
  return [...sums]
    .map(([value, events]) => ({ value, events }))
    .sort((a, b) => b.events - a.events || (a.value < b.value ? -1 : 1));
}

function cellKey(appVersion: string, threat: string): string {
  return JSON.stringify([appVersion, threat]);
}

function sum(rows: readonly { events: number }[]): number {
  return rows.reduce((all, row) => all + row.events, 0);
}
