import { sql } from 'drizzle-orm';
import type { Executor } from '@/lib/db';
import { instant, isOneOf } from './conditions';
import type { TimeWindow } from './time-window';

/**
 * Decisions for relying parties by outcome, most frequent first, from these kinds of networks (none: from all). An app
 * of `''` stands for requests that name none.
 */
export async function countRequests(
  db: Executor,
  apps: readonly string[],
  window: Pick<TimeWindow, 'fromMs' | 'toMs' | 'rollup'>,
  networks: readonly string[] = [],
): Promise<{ outcome: string; requests: number }[]> {
  const table = window.rollup === 'minute' ? sql`request_rollup_minutes r` : sql`request_rollup_hours r`;
  const rows = await db.execute<{ outcome: string; requests: number }>(sql`
    select r.outcome, sum(r.requests)::float8 as requests from ${table}
    where ${isOneOf(sql`r.app_id`, apps)}
      and r.bucket >= ${instant(window.fromMs)} and r.bucket < ${instant(window.toMs)}
      and ${networks.length === 0 ? sql`true` : isOneOf(sql`r.network_kind`, networks)}
    group by r.outcome order by 2 desc, 1`);
  return [...rows];
}

/** Distinct instances that were rejected on the (UTC) days that a window touches. */
export async function countRejectedDeviceDays(
  db: Executor,
  apps: readonly string[],
  window: Pick<TimeWindow, 'fromMs' | 'toMs'>,
): Promise<number> {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const [row] = await db.execute<{ devices: number }>(sql`
    select count(distinct d.instance_id)::int as devices from device_days d
    where ${isOneOf(sql`d.app_id`, apps)} and d.verdict = 'rejected'
      and d.day >= ${day(window.fromMs)}::date and d.day <= ${day(window.toMs - 1)}::date`);
  return row?.devices ?? 0;
}
