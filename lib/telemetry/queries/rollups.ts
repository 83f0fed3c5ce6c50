import { sql } from 'drizzle-orm';
import type { Verdict } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import {
  facetConditions,
  instant,
  isOneOf,
  listOf,
  narrowsFacets,
  ROLLUP_FACETS,
  type RollupScope,
  rollupRows,
} from './conditions';
import { countVerdictsOverTime, facetRows } from './facet-rows';
import type { BucketCount } from './series';
import { readSummaries, readSummedSeries } from './summaries';
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
      select min(first.bucket) as bucket from ${listOf(apps)} as a(app_id) cross join lateral (
        select r.bucket from attestation_rollup_hours r where r.app_id = a.app_id order by r.bucket limit 1
      ) first
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
