import { type Overview, threatTitle } from '@/lib/contracts';
import type { Breakdown } from './rollups';
import type { TimeWindow } from './time-window';

const MINUTE_MS = 60_000;
const TOP_THREATS = 8;
const HEAT_MAP_THREATS = 6;
const HEAT_MAP_VERSIONS = 10;

/** Share of attestations that were not rejected, 0 to 1; `null` where there were none. */
export function passRateOf({ verdicts }: Pick<Breakdown, 'verdicts'>): number | null {
  const all = sum(verdicts);
  const rejected = sum(verdicts.filter((row) => row.verdict === 'rejected'));
  return all === 0 ? null : (all - rejected) / all;
}

/** Mean attestations per minute of a window that has ended. */
export function meanPerMinute({ verdicts }: Pick<Breakdown, 'verdicts'>, window: TimeWindow): number {
  return sum(verdicts) / ((window.toMs - window.fromMs) / MINUTE_MS);
}

/** The threats that decided most often, with how often they did in the period before. */
export function topThreats(now: Breakdown, previous: Breakdown): Overview['topThreats'] {
  const before = new Map(previous.threats.map((row) => [row.threat, row.events]));
  return decidingThreats(now)
    .slice(0, TOP_THREATS)
    .map(({ threat, events }) => ({
      threat,
      title: threatTitle(threat),
      events,
      previous: before.get(threat) ?? 0,
    }));
}

/** In which share of each app version's attestations which threat decided: most used versions, most frequent threats. */
export function versionThreat(now: Breakdown): Overview['versionThreat'] {
  const threats = decidingThreats(now)
    .slice(0, HEAT_MAP_THREATS)
    .map((row) => row.threat);
  const cells = new Map(now.versionThreats.map((row) => [cellKey(row.appVersion, row.threat), row.events]));
  return {
    threats,
    rows: now.versions.slice(0, HEAT_MAP_VERSIONS).map(({ appVersion, events }) => ({
      appVersion,
      attestations: events,
      shares: threats.map((threat) =>
        events === 0 ? 0 : (cells.get(cellKey(appVersion, threat)) ?? 0) / events,
      ),
    })),
  };
}

/** Requests that were or would have been refused. */
export function refusedOf(requests: readonly { outcome: string; requests: number }[]): number {
  return requests.reduce((all, row) => (row.outcome === 'valid' ? all : all + row.requests), 0);
}

function decidingThreats(breakdown: Breakdown): Breakdown['threats'] {
  return breakdown.threats.filter((row) => row.threat !== '');
}

function cellKey(appVersion: string, threat: string): string {
  return JSON.stringify([appVersion, threat]);
}

function sum(rows: readonly { events: number }[]): number {
  return rows.reduce((all, row) => all + row.events, 0);
}
