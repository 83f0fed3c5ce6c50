import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '@/lib/db';
import { bucketRows, facetConditions, ROLLUP_FACETS, type RollupScope, rollupRows } from './conditions';
import { type Segment, segmentsOf } from './segments';
import type { VerdictCount } from './series';
import { facetHours } from './single-facet';
import type { Summed } from './summed';
import type { TimeWindow } from './time-window';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type FacetSource = Exclude<Segment['source'], 'hours' | 'fiveMinutes' | 'minutes'>;
type FacetSegment = Segment & { readonly source: FacetSource };

const TABLES: Readonly<Record<FacetSource, SQL>> = {
  weeks: sql`attestation_rollup_weeks r`,
  days: sql`attestation_rollup_days r`,
  dayHours: sql`attestation_rollup_days r`,
  todayHours: sql`attestation_rollup_today r`,
  rollupHours: sql`attestation_rollup_hours r`,
  rollupMinutes: sql`attestation_rollup_minutes r`,
};

const COLUMNS = sql`r.app_id, r.verdict, r.deciding_threat, r.platform, r.os_version, r.app_version, r.country,
  r.network_kind, r.policy_version`;

/**
 * What was counted in a scope by facets, as a derived table to be called `r`: whole weeks and days where they are summed,
 * hours and minutes for the rest. Give `conditions` on `r` where they are to be others than what the filter demands.
 */
export function facetRows(
  scope: RollupScope,
  summed: Summed,
  conditions: SQL = facetConditions(ROLLUP_FACETS, scope.filter),
): SQL {
  const parts = facetSegments(scope.window, summed).map((segment) => {
    const [events, isCounted] = isPartOfDay(segment)
      ? [sumOf(hoursOf(segment)), sql`${sumOf(hoursOf(segment))} > 0`]
      : [sql`r.events`, sql`true`];
    return sql`select ${COLUMNS}, ${events}::int as events from ${TABLES[segment.source]}
      where ${rowsOf(scope, segment)} and ${isCounted} and (${conditions})`;
  });
  return sql`(${sql.join(parts, sql` union all `)})`;
}

/** Whether anything was counted in a scope. */
export async function isAnyCounted(db: Executor, scope: RollupScope, summed: Summed): Promise<boolean> {
  const [row] = await db.execute<{ found: boolean }>(sql`
    select exists (select from ${facetRows(scope, summed)} r) as found`);
  return row?.found ?? false;
}

/** From how many hours of a day on all rows of the day are read for them: an hour has about a third as many. */
const FEWEST_HOURS_OF_DAY = 3;

/** What a window is made of by facets; sums make it cheaper and nothing else. */
export function facetSegments(
  window: Pick<TimeWindow, 'fromMs' | 'toMs' | 'rollup'>,
  { facetWeeks, facetDays, facetToday }: Summed,
): FacetSegment[] {
  const tiers = { weeks: facetWeeks, days: facetDays, dayHours: facetDays, todayHours: facetToday };
  const known = Object.fromEntries(Object.entries(tiers).filter(([, span]) => span !== undefined));
  // Nothing else is given, so that nothing else can be answered with.
  const segments = segmentsOf(window, known, window.rollup) as FacetSegment[];
  return segments.map((segment) =>
    isPartOfDay(segment) && hoursOf(segment).length < FEWEST_HOURS_OF_DAY
      ? { ...segment, source: 'rollupHours' }
      : segment,
  );
}

const isPartOfDay = ({ source }: FacetSegment) => source === 'dayHours' || source === 'todayHours';

/** The hours (0 to 23) of its day that a segment holds. */
function hoursOf({ fromMs, toMs }: FacetSegment): number[] {
  const first = (fromMs % DAY_MS) / HOUR_MS;
  return Array.from({ length: (toMs - fromMs) / HOUR_MS }, (_, index) => first + index);
}

const sumOf = (hours: readonly number[]) => sql.raw(`(${hours.map((hour) => `r.h${hour}`).join(' + ')})`);

/** The rows of a segment; those of a part of a day are the day's. */
function rowsOf({ apps, isEveryApp }: Pick<RollupScope, 'apps' | 'isEveryApp'>, segment: FacetSegment): SQL {
  if (segment.source === 'rollupHours' || segment.source === 'rollupMinutes')
    return rollupRows(apps, segment);
  const dayMs = Math.floor(segment.fromMs / DAY_MS) * DAY_MS;
  const span = isPartOfDay(segment) ? { fromMs: dayMs, toMs: dayMs + DAY_MS } : segment;
  return isEveryApp ? bucketRows(span) : rollupRows(apps, span);
}

/**
 * Events of a scope by verdict and by an instant within each bucket of its window (several where sums are finer); where the
 * window is answered by hours, its buckets hold whole hours, and divide a day.
 */
export async function countVerdictsOverTime(
  db: Executor,
  scope: RollupScope,
  summed: Summed,
): Promise<VerdictCount[]> {
  const known = facetHours(scope, summed);
  const windows = known ? known.rest.map((span) => ({ ...scope.window, ...span })) : [scope.window];
  const parts = [
    ...(known ? [known.rows] : []),
    ...windows.flatMap((window) => verdictRows(scope, window, summed)),
  ];
  const found = await db.execute<VerdictCount & Record<string, unknown>>(sql`
    select (extract(epoch from at) * 1000)::float8 as "atMs", verdict, events::float8 as events
    from (${sql.join(parts, sql` union all `)}) parts(at, verdict, events)`);
  return [...found];
}

/** Rows `(instant, verdict, events)` of a part of a scope's window. */
function verdictRows(scope: RollupScope, window: TimeWindow, summed: Summed): SQL[] {
  const conditions = facetConditions(ROLLUP_FACETS, scope.filter);
  const segments: readonly FacetSegment[] =
    window.rollup === 'minute'
      ? [{ source: 'rollupMinutes', fromMs: window.fromMs, toMs: window.toMs }]
      : facetSegments(window, { ...summed, facetWeeks: undefined });
  return segments.map((segment) => {
    const rows = sql`from ${TABLES[segment.source]} where ${rowsOf(scope, segment)} and ${conditions}`;
    if (segment.source !== 'days' && !isPartOfDay(segment)) return byBucket(rows);
    const hours = segment.source === 'days' ? HOURS_OF_DAY : hoursOf(segment);
    return byHours(rows, hoursByBucket(hours, scope.window));
  });
}

const HOURS_OF_DAY = Array.from({ length: 24 }, (_, hour) => hour);

const byBucket = (rows: SQL) =>
  sql`(select r.bucket, r.verdict, sum(r.events) ${rows} group by r.bucket, r.verdict)`;

/** Hours of a day that are in one bucket of a window, side by side: a sum costs as much as five additions. */
export function hoursByBucket(
  hours: readonly number[],
  { fromMs, bucketMs }: Pick<TimeWindow, 'fromMs' | 'bucketMs'>,
): number[][] {
  const groups = new Map<number, number[]>();
  for (const hour of hours) {
    const bucket = Math.floor((hour * HOUR_MS - (fromMs % DAY_MS)) / bucketMs);
    groups.set(bucket, [...(groups.get(bucket) ?? []), hour]);
  }
  return [...groups.values()];
}

/** Sums of groups of hours of a day, each at the first of its hours. */
function byHours(rows: SQL, groups: readonly (readonly number[])[]): SQL {
  const sums = groups.map((hours) => sql`sum(${sumOf(hours)})`);
  const firsts = sql.raw(`array[${groups.map(([first]) => first).join(', ')}]`);
  return sql`(
    select d.bucket + (${firsts})[place] * interval '1 hour', d.verdict, d.counts[place]
    from (select r.bucket, r.verdict, array[${sql.join(sums, sql`, `)}] as counts ${rows}
          group by r.bucket, r.verdict) d cross join generate_series(1, ${sql.raw(String(groups.length))}) place
    where d.counts[place] > 0)`;
}
