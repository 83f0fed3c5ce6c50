import { sql } from 'drizzle-orm';
import type { Verdict } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import { facetConditions, instant, isOneOf, narrowsFacets, ROLLUP_FACETS, rollupRows } from './conditions';
import { countVerdictsOverTime, facetRows, type RollupScope } from './facet-rows';
import type { BucketCount } from './series';
import { readSummaries, readSummedSeries, type SummaryRow } from './summaries';
import type { Summed } from './summed';

const MINUTE_MS = 60_000;

/** Every registered app, where the actor may see all of them: rollups are always asked by app. */
export async function registeredApps(db: Executor): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(sql`select id from apps order by id`);
  return rows.map((row) => row.id);
}

/** What each of these apps is called. */
export async function appNames(db: Executor, apps: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db.execute<{ id: string; name: string }>(sql`
    select id, name from apps where ${isOneOf(sql`id`, apps)}`);
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** Events by bucket of the window and verdict, summed over all writers; `firstMs` is when anything was first recorded. */
export async function countByBucket(
  db: Executor,
  scope: RollupScope,
  summed: Summed,
  firstMs: number | null,
): Promise<BucketCount[]> {
  const { apps, window, filter } = scope;
  if (firstMs === null) return [];
  const known = narrowsFacets(filter) ? null : await readSummedSeries(db, apps, window, summed, firstMs);
  const counts = known ?? (await countVerdictsOverTime(db, scope, summed));
  return counts.map(({ atMs, verdict, events }) => ({
    // An hour in which the window begins counts for its first bucket.
    index: Math.max(0, Math.floor((atMs - window.fromMs) / window.bucketMs)),
    verdict,
    events,
  }));
}

/** Events by what the overview breaks them down by. */
export interface Breakdown {
  verdicts: { verdict: string; events: number }[];
  threats: { threat: string; events: number }[];
  versions: { appVersion: string; events: number }[];
  versionThreats: { appVersion: string; threat: string; events: number }[];
  countries: { country: string; events: number; rejected: number }[];
  networks: { network: string; events: number; rejected: number }[];
}

type BreakdownRow = {
  set: number;
  verdict: string;
  deciding_threat: string;
  app_version: string;
  country: string;
  network_kind: string;
  events: number;
  rejected: number;
};

/** `grouping()` of each set below: a bit per column that the set does not group by. */
const SETS = {
  verdicts: 0b01111,
  threats: 0b10111,
  versions: 0b11011,
  versionThreats: 0b10011,
  countries: 0b11101,
  networks: 0b11110,
} as const;

/** All breakdowns of a window: from what is summed already where nothing but apps is filtered by. */
export async function breakDown(db: Executor, scope: RollupScope, summed: Summed): Promise<Breakdown> {
  if (narrowsFacets(scope.filter)) return breakDownFacets(db, scope, summed);
  const rows = await readSummaries(db, scope.apps, scope.window, summed);
  const of = (kind: SummaryRow['kind']) => rows.filter((row) => row.kind === kind);
  return {
    verdicts: totals(of('threat'), (row) => row.value).map(([verdict, events]) => ({ verdict, events })),
    threats: totals(of('threat'), (row) => row.detail).map(([threat, events]) => ({ threat, events })),
    versions: totals(of('version'), (row) => row.value).map(([appVersion, events]) => ({
      appVersion,
      events,
    })),
    versionThreats: of('version').map((row) => ({
      appVersion: row.value,
      threat: row.detail,
      events: row.events,
    })),
    countries: of('country').map(({ value, events, rejected }) => ({ country: value, events, rejected })),
    networks: of('network').map(({ value, events, rejected }) => ({ network: value, events, rejected })),
  };
}

/** Events by what rows have in common, most first. */
function totals(rows: readonly SummaryRow[], name: (row: SummaryRow) => string): [string, number][] {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(name(row), (sums.get(name(row)) ?? 0) + row.events);
  return [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

/** All breakdowns of a window by one scan of what was counted by facets. */
async function breakDownFacets(db: Executor, scope: RollupScope, summed: Summed): Promise<Breakdown> {
  const rows = await db.execute<BreakdownRow>(sql`
    select grouping(r.verdict, r.deciding_threat, r.app_version, r.country, r.network_kind)::int as set,
      r.verdict, r.deciding_threat, r.app_version, r.country, r.network_kind,
      sum(r.events)::float8 as events,
      coalesce(sum(r.events) filter (where r.verdict = 'rejected'), 0)::float8 as rejected
    from ${facetRows(scope, summed)} r
    group by grouping sets ((r.verdict), (r.deciding_threat), (r.app_version), (r.app_version, r.deciding_threat),
      (r.country), (r.network_kind))
    order by events desc`);
  const of = (set: number) => rows.filter((row) => row.set === set);
  return {
    verdicts: of(SETS.verdicts).map(({ verdict, events }) => ({ verdict, events })),
    threats: of(SETS.threats).map((row) => ({ threat: row.deciding_threat, events: row.events })),
    versions: of(SETS.versions).map((row) => ({ appVersion: row.app_version, events: row.events })),
    versionThreats: of(SETS.versionThreats).map((row) => ({
      appVersion: row.app_version,
      threat: row.deciding_threat,
      events: row.events,
    })),
    countries: of(SETS.countries).map(({ country, events, rejected }) => ({ country, events, rejected })),
    networks: of(SETS.networks).map((row) => ({
      network: row.network_kind,
      events: row.events,
      rejected: row.rejected,
    })),
  };
}

/** Events by verdict and the threat that decided; the empty string where none did. */
export interface VerdictThreat {
  verdict: string;
  threat: string;
  events: number;
}

/** Events of a window by verdict and deciding threat. */
export async function countVerdictThreats(
  db: Executor,
  scope: RollupScope,
  summed: Summed,
): Promise<VerdictThreat[]> {
  if (!narrowsFacets(scope.filter)) {
    const rows = await readSummaries(db, scope.apps, scope.window, summed);
    return rows.flatMap(({ kind, value, detail, events }) =>
      kind === 'threat' ? [{ verdict: value, threat: detail, events }] : [],
    );
  }
  const rows = await db.execute<VerdictThreat & Record<string, unknown>>(sql`
    select r.verdict, r.deciding_threat as threat, sum(r.events)::float8 as events
    from ${facetRows(scope, summed)} r
    group by 1, 2`);
  return rows.map(({ verdict, threat, events }) => ({ verdict, threat, events }));
}

/** Events of a window by verdict. */
export async function countVerdicts(
  db: Executor,
  scope: RollupScope,
  summed: Summed,
): Promise<Record<Verdict, number>> {
  const rows = await countVerdictThreats(db, scope, summed);
  const of = (verdict: Verdict) =>
    rows.reduce((all, row) => (row.verdict === verdict ? all + row.events : all), 0);
  return {
    trusted: of('trusted'),
    flagged: of('flagged'),
    restricted: of('restricted'),
    rejected: of('rejected'),
  };
}

/** Events in the minute that ended last. */
export async function countLastMinute(db: Executor, { apps, window, filter }: RollupScope): Promise<number> {
  const toMs = Math.floor(window.nowMs / MINUTE_MS) * MINUTE_MS;
  const last = { fromMs: toMs - MINUTE_MS, toMs };
  const [row] = await db.execute<{ events: number }>(sql`
    select coalesce(sum(r.events), 0)::float8 as events from attestation_rollup_minutes r
    where ${rollupRows(apps, last)} and ${facetConditions(ROLLUP_FACETS, filter)}`);
  return row?.events ?? 0;
}

/** Minute (or hour, where only that is kept) of the first event that is still known of these apps; else `null`. */
export async function firstEventMs(db: Executor, apps: readonly string[]): Promise<number | null> {
  if (apps.length === 0) return null;
  const [row] = await db.execute<{ first: number | null }>(sql`
    with hours as (
      select min(first.bucket) as bucket from apps cross join lateral (
        select r.bucket from attestation_rollup_hours r where r.app_id = apps.id order by r.bucket limit 1
      ) first
      where ${isOneOf(sql`apps.id`, apps)}
    )
    select (extract(epoch from coalesce((
        select min(r.bucket) from attestation_rollup_minutes r
        where ${isOneOf(ROLLUP_FACETS.app, apps)}
          and r.bucket >= hours.bucket and r.bucket < hours.bucket + interval '1 hour'
      ), hours.bucket)) * 1000)::float8 as first
    from hours`);
  return row?.first ?? null;
}

/** Attestations of each app since an instant, to the minute. */
export async function countAttestationsSince(
  db: Executor,
  apps: readonly string[],
  since: Date,
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.execute<{ app: string; events: number }>(sql`
    select r.app_id as app, sum(r.events)::float8 as events from attestation_rollup_minutes r
    where ${isOneOf(ROLLUP_FACETS.app, apps)} and r.bucket >= ${instant(since.getTime())}
    group by r.app_id`);
  return new Map(rows.map((row) => [row.app, row.events]));
}
