import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '@/lib/db';
import { instant, isOneOf } from './conditions';
import type { TimeWindow } from './time-window';

const MINUTE_MS = 60_000;

type Span = Pick<TimeWindow, 'fromMs' | 'toMs'>;

/** Challenges that were issued to these apps within a window. */
export async function countChallenges(db: Executor, apps: readonly string[], window: Span): Promise<number> {
  const [row] = await db.execute<{ events: number }>(sql`
    select coalesce(sum(r.events), 0)::float8 as events from counter_rollup_minutes r
    where ${counterRows(apps, window)} and r.name = 'challenge'`);
  return row?.events ?? 0;
}

/** Attestations by how long they took: the bucket of the window, and the place in the scale of latencies. */
export interface LatencyCount {
  index: number;
  bin: number;
  events: number;
}

/** Beyond a day, one minute in so many is read: percentiles of that many attestations do not differ by more than a bin. */
const SAMPLED_MINUTES = 20;

/** Attestations of these apps by bucket of the window and by latency; of a window of more than a day, a sample. */
export async function countLatencies(
  db: Executor,
  apps: readonly string[],
  window: TimeWindow,
): Promise<LatencyCount[]> {
  const seconds = window.bucketMs / 1000;
  const rows = await db.execute<{ atMs: number; bin: number; events: number }>(sql`
    select (extract(epoch from at) * 1000)::float8 as "atMs", bin, events from (
      select date_bin(make_interval(secs => ${seconds}::int), r.bucket, ${instant(window.fromMs)}) as at,
        r.bin::int as bin, sum(r.events)::float8 as events
      from counter_rollup_minutes r
      where ${counterRows(apps, window)} and ${sampleOf(window)} and r.name in ('latency_enrol', 'latency_attest')
      group by 1, 2
    ) counted`);
  return rows.map(({ atMs, bin, events }) => ({
    index: Math.round((atMs - window.fromMs) / window.bucketMs),
    bin,
    events,
  }));
}

function sampleOf(window: TimeWindow): SQL {
  if (window.rollup === 'minute') return sql`true`;
  const stepMs = SAMPLED_MINUTES * MINUTE_MS;
  const first = Math.ceil(window.fromMs / MINUTE_MS) * MINUTE_MS;
  return sql`r.bucket = any(array(
    select generate_series(${instant(first)}, ${instant(window.toMs)}, make_interval(secs => ${stepMs / 1000}::int))))`;
}

/** For how many days counts per minute are kept of every one of these apps. */
export async function minuteRetentionDays(db: Executor, apps: readonly string[]): Promise<number> {
  const [row] = await db.execute<{ days: number | null }>(sql`
    select min(retain_minute_days)::int as days from apps where ${isOneOf(sql`id`, apps)}`);
  return row?.days ?? 0;
}

function counterRows(apps: readonly string[], window: Span) {
  return sql`${isOneOf(sql`r.app_id`, apps)}
    and r.bucket >= ${instant(window.fromMs)} and r.bucket < ${instant(window.toMs)}`;
}
