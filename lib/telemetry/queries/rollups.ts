import { sql } from 'drizzle-orm';
import { FACETS, type Facet } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import {
  type FacetFilter,
  facetConditions,
  instant,
  isOneOf,
  ROLLUP_FACETS,
  rollupOf,
  rollupRows,
} from './conditions';
import type { BucketCount } from './series';
import type { TimeWindow } from './time-window';

/** What a question about rollups is asked of: these apps, this window, these facets. */
export interface RollupScope {
  apps: readonly string[];
  window: TimeWindow;
  filter: FacetFilter;
}

const MINUTE_MS = 60_000;
const FACET_VALUES = 50;

/** Every registered app, where the actor may see all of them: rollups are always asked by app. */
export async function registeredApps(db: Executor): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(sql`select id from apps order by id`);
  return rows.map((row) => row.id);
}

/** Events by bucket of the window and verdict, summed over all writers. */
export async function countByBucket(
  db: Executor,
  { apps, window, filter }: RollupScope,
): Promise<BucketCount[]> {
  const rows = await db.execute<{ index: number; verdict: string; events: number }>(sql`
    select floor(extract(epoch from r.bucket - ${instant(window.fromMs)}) / ${window.bucketMs / 1000}::int)::int as index,
      r.verdict, sum(r.events)::float8 as events
    from ${rollupOf(window)}
    where ${rollupRows(apps, window)} and ${facetConditions(ROLLUP_FACETS, filter)}
    group by 1, 2`);
  return [...rows];
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

/** All breakdowns of a window by one scan of its rollup. */
export async function breakDown(db: Executor, { apps, window, filter }: RollupScope): Promise<Breakdown> {
  const rows = await db.execute<BreakdownRow>(sql`
    select grouping(r.verdict, r.deciding_threat, r.app_version, r.country, r.network_kind)::int as set,
      r.verdict, r.deciding_threat, r.app_version, r.country, r.network_kind,
      sum(r.events)::float8 as events,
      coalesce(sum(r.events) filter (where r.verdict = 'rejected'), 0)::float8 as rejected
    from ${rollupOf(window)}
    where ${rollupRows(apps, window)} and ${facetConditions(ROLLUP_FACETS, filter)}
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

/** Events by value of each facet, each under the filters of all others; at most 50 values, most frequent first. */
export async function countFacets(
  db: Executor,
  { permitted, ...scope }: RollupScope & { permitted: readonly string[] },
): Promise<Record<Facet, { value: string; events: number }[]>> {
  const { apps, window, filter } = scope;
  const columns = sql.join(
    FACETS.map((facet) => sql`${ROLLUP_FACETS[facet]} as ${sql.identifier(facet)}`),
    sql`, `,
  );
  const groups = sql.join(
    FACETS.map((_, index) => sql.raw(String(index + 1))),
    sql`, `,
  );
  const base = Object.fromEntries(
    FACETS.map((facet) => [facet, sql`b.${sql.identifier(facet)}`]),
  ) as typeof ROLLUP_FACETS;
  const perFacet = FACETS.map((facet) => {
    const others = facetConditions(base, filter, facet);
    const app = facet === 'app' ? sql`true` : isOneOf(base.app, apps);
    return sql`(select ${facet}::text as facet, ${base[facet]} as value, sum(b.events)::float8 as events
      from b where ${others} and ${app} group by 2 order by 3 desc, 2 limit ${FACET_VALUES})`;
  });
  const rows = await db.execute<{ facet: Facet; value: string; events: number }>(sql`
    with b as materialized (
      select ${columns}, sum(r.events) as events from ${rollupOf(window)}
      where ${rollupRows(permitted, window)} group by ${groups}
    ) ${sql.join(perFacet, sql` union all `)}`);
  const facets = Object.fromEntries(FACETS.map((facet) => [facet, []])) as unknown as Record<
    Facet,
    { value: string; events: number }[]
  >;
  for (const { facet, value, events } of rows) facets[facet].push({ value, events });
  return facets;
}

/** Events in the minute that ended last. */
export async function countLastMinute(db: Executor, { apps, window, filter }: RollupScope): Promise<number> {
  const toMs = Math.floor(window.nowMs / MINUTE_MS) * MINUTE_MS;
  const last = { fromMs: toMs - MINUTE_MS, toMs, rollup: 'minute' as const };
  const [row] = await db.execute<{ events: number }>(sql`
    select coalesce(sum(r.events), 0)::float8 as events from ${rollupOf(last)}
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
