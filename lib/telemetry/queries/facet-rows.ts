import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '@/lib/db';
import { type FacetFilter, facetConditions, ROLLUP_FACETS, rollupRows } from './conditions';
import { type Segment, segmentsOf } from './segments';
import type { Summed } from './summed';
import type { TimeWindow } from './time-window';

/** What a question about rollups is asked of: these apps, this window, these facets. */
export interface RollupScope {
  apps: readonly string[];
  window: TimeWindow;
  filter: FacetFilter;
}

/** Whether something may be read of a window by facets; sums make it cheaper and nothing else. */
type FacetSource = Exclude<Segment['source'], 'hours' | 'minutes'>;

const TABLES: Readonly<Record<FacetSource, SQL>> = {
  weeks: sql`attestation_rollup_weeks r`,
  days: sql`attestation_rollup_days r`,
  rollupHours: sql`attestation_rollup_hours r`,
  rollupMinutes: sql`attestation_rollup_minutes r`,
};

const COLUMNS = sql`r.app_id, r.verdict, r.deciding_threat, r.platform, r.os_version, r.app_version, r.country,
  r.network_kind, r.policy_version, r.events`;

/**
 * What was counted in a scope by facets, as a derived table to be called `r`: whole weeks and days where they are summed,
 * hours and minutes for the rest. Give `conditions` on `r` where they are to be others than what the filter demands.
 */
export function facetRows(
  scope: RollupScope,
  summed: Summed,
  conditions: SQL = facetConditions(ROLLUP_FACETS, scope.filter),
): SQL {
  const parts = facetSegments(scope.window, { weeks: summed.facetWeeks, days: summed.facetDays }).map(
    ({ source, ...span }) =>
      sql`select ${COLUMNS} from ${TABLES[source]} where ${rollupRows(scope.apps, span)} and (${conditions})`,
  );
  return sql`(${sql.join(parts, sql` union all `)})`;
}

function facetSegments(
  window: TimeWindow,
  tiers: Readonly<Record<'weeks' | 'days', Summed['facetDays']>>,
): (Segment & { source: FacetSource })[] {
  const known = Object.fromEntries(Object.entries(tiers).filter(([, span]) => span !== undefined));
  // Only weeks and days are given, so that nothing else can be answered with.
  return segmentsOf(window, known, window.rollup) as (Segment & { source: FacetSource })[];
}

/** Events of one verdict at an instant, to the minute or hour. */
export type VerdictCount = { atMs: number; verdict: string; events: number };

/** Events of a scope by minute, or by hour where its window is answered by hours, and verdict. */
export async function countVerdictsOverTime(
  db: Executor,
  { apps, window, filter }: RollupScope,
  summed: Summed,
): Promise<VerdictCount[]> {
  const conditions = facetConditions(ROLLUP_FACETS, filter);
  const segments =
    window.rollup === 'minute'
      ? [{ source: 'rollupMinutes' as const, fromMs: window.fromMs, toMs: window.toMs }]
      : facetSegments(window, { weeks: undefined, days: summed.facetDays });
  const parts = segments.map(({ source, ...span }) => {
    const rows = sql`from ${TABLES[source]} where ${rollupRows(apps, span)} and ${conditions}`;
    return source === 'days' ? hoursOfDays(rows) : byBucket(rows);
  });
  const found = await db.execute<VerdictCount & Record<string, unknown>>(sql`
    select (extract(epoch from at) * 1000)::float8 as "atMs", verdict, events::float8 as events
    from (${sql.join(parts, sql` union all `)}) parts(at, verdict, events)`);
  return [...found];
}

const byBucket = (rows: SQL) =>
  sql`(select r.bucket, r.verdict, sum(r.events) ${rows} group by r.bucket, r.verdict)`;

function hoursOfDays(rows: SQL): SQL {
  const sums = Array.from({ length: 24 }, (_, hour) => sql.raw(`sum(r.h${hour})`));
  return sql`(
    select d.bucket + (hour - 1) * interval '1 hour', d.verdict, d.counts[hour]
    from (select r.bucket, r.verdict, array[${sql.join(sums, sql`, `)}] as counts ${rows}
          group by r.bucket, r.verdict) d cross join generate_series(1, 24) hour
    where d.counts[hour] > 0)`;
}
