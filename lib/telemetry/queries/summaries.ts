import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '@/lib/db';
import { instant, rollupRows } from './conditions';
import { type Segment, segmentsOf } from './segments';
import type { VerdictCount } from './series';
import { type BreakdownTier, QUARTERS, type Summed, TIER_TABLES } from './summed';
import type { TimeWindow } from './time-window';

/*
 * The overview without facets, from sums that are made once a span is over: what is read grows with the window's edges and
 * days, and not with events or combinations of facets.
 */

type Span = { fromMs: number; toMs: number };

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
/** Sums that lag by more than this do not answer for a series. */
const MOST_BEHIND_MS = 2 * 3_600_000;

/** What a window is broken down by; `detail` is the threat that decided, or empty. */
export interface SummaryRow {
  kind: 'threat' | 'version' | 'country' | 'network' | 'platform' | 'os' | 'policy';
  value: string;
  detail: string;
  events: number;
  rejected: number;
}

/** Sums of a window by kind, value and detail, most events first. */
export async function readSummaries(
  db: Executor,
  apps: readonly string[],
  window: TimeWindow,
  summed: Summed,
): Promise<SummaryRow[]> {
  if (apps.length === 0) return [];
  const rows = await db.execute<SummaryRow & Record<string, unknown>>(sql`
    select kind, value, detail, sum(events)::float8 as events, sum(rejected)::float8 as rejected
    from ${partsOf(apps, window, summed)}
    group by kind, value, detail order by 4 desc, 2`);
  return [...rows];
}

/** Events of a window by app. */
export async function countByApp(
  db: Executor,
  apps: readonly string[],
  window: TimeWindow,
  summed: Summed,
): Promise<{ app: string; events: number }[]> {
  if (apps.length === 0) return [];
  const rows = await db.execute<{ app: string; events: number }>(sql`
    select app, sum(events)::float8 as events from ${partsOf(apps, window, summed)}
    where kind = 'network' group by app`);
  return [...rows];
}

function partsOf(apps: readonly string[], window: TimeWindow, summed: Summed): SQL {
  const parts = segmentsOf(window, summed.tiers, window.rollup).map((segment) => partOf(apps, segment));
  return sql`(${sql.join(parts, sql` union all `)}) parts(app, kind, value, detail, events, rejected)`;
}

function partOf(apps: readonly string[], { source, ...span }: Segment): SQL {
  if (source === 'rollupHours') return rollupPart(apps, sql`attestation_rollup_hours`, span);
  if (source === 'rollupMinutes') return rollupPart(apps, sql`attestation_rollup_minutes`, span);
  // Of the others there are no breakdowns, and no such tiers are given.
  const table = TIER_TABLES[source as BreakdownTier];
  return sql`select r.app_id, r.kind, r.value, r.detail, r.events, r.rejected
    from ${sql.identifier(table)} r where ${rollupRows(apps, span)}`;
}

/** The same sums, made now. */
function rollupPart(apps: readonly string[], table: SQL, span: Span): SQL {
  return sql`
    select app_id,
      case when grouping(verdict) = 0 then 'threat' when grouping(app_version) = 0 then 'version'
        when grouping(country) = 0 then 'country' when grouping(network_kind) = 0 then 'network'
        when grouping(platform) = 0 then 'platform' when grouping(os_version) = 0 then 'os' else 'policy' end,
      coalesce(verdict, app_version, country, network_kind, platform, os_version, policy_version::text),
      coalesce(deciding_threat, ''), sum(events), coalesce(sum(events) filter (where is_rejected), 0)
    from (select r.*, r.verdict = 'rejected' as is_rejected from ${table} r where ${rollupRows(apps, span)}) r
    group by grouping sets ((app_id, verdict, deciding_threat), (app_id, app_version, deciding_threat),
      (app_id, country), (app_id, network_kind), (app_id, platform), (app_id, os_version), (app_id, policy_version))`;
}

/**
 * Events over time by verdict, from the finest sums that its buckets are made of; `null` where there are none
 * for all of it since the first event, so that the rollups must answer.
 */
export async function readSummedSeries(
  db: Executor,
  apps: readonly string[],
  window: TimeWindow,
  summed: Summed,
  firstEventMs: number,
): Promise<VerdictCount[] | null> {
  const sums = sumsFor(window, summed, firstEventMs);
  if (sums === undefined) return null;
  const toMs = Math.min(sums.toMs, window.toMs);
  const rest = { fromMs: toMs, toMs: window.toMs };
  const rows = await db.execute<VerdictCount & Record<string, unknown>>(sql`
    select (extract(epoch from at) * 1000)::float8 as "atMs", verdict, sum(events)::float8 as events
    from (select date_bin(make_interval(secs => ${window.bucketMs / 1000}::int), bucket, ${instant(window.fromMs)}) as at,
      verdict, events from (
      ${sums.rows(apps, { fromMs: window.fromMs, toMs })}
      union all
      select r.bucket, r.verdict, r.events from attestation_rollup_minutes r where ${rollupRows(apps, rest)}
    ) parts) binned
    group by at, verdict`);
  return [...rows];
}

interface Sums extends Span {
  readonly widthMs: number;
  readonly rows: (apps: readonly string[], span: Span) => SQL;
}

/** The coarsest sums that begin where every bucket of the window does, and reach back as far. */
function sumsFor(window: TimeWindow, { tiers, quarters }: Summed, firstEventMs: number): Sums | undefined {
  const candidates: (Sums | undefined)[] = [
    quarters && {
      ...quarters,
      widthMs: QUARTER_MS,
      rows: (apps, span) =>
        sql`select r.bucket, r.verdict, r.events from ${sql.identifier(QUARTERS)} r where ${rollupRows(apps, span)}`,
    },
    verdictsOf('fiveMinutes', 5 * MINUTE_MS, tiers),
    verdictsOf('minutes', MINUTE_MS, tiers),
  ];
  return candidates.find(
    (sums) =>
      sums !== undefined &&
      sums.fromMs <= Math.max(window.fromMs, firstEventMs) &&
      sums.toMs >= window.toMs - MOST_BEHIND_MS &&
      window.fromMs % sums.widthMs === 0 &&
      window.bucketMs % sums.widthMs === 0,
  );
}

/** The verdicts of a tier of breakdowns. */
function verdictsOf(tier: BreakdownTier, widthMs: number, tiers: Summed['tiers']): Sums | undefined {
  return (
    tiers[tier] && {
      ...tiers[tier],
      widthMs,
      rows: (apps, span) => sql`
        select r.bucket, r.value as verdict, r.events from ${sql.identifier(TIER_TABLES[tier])} r
        where ${rollupRows(apps, span)} and r.kind = 'threat'`,
    }
  );
}
