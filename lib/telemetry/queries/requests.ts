import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '@/lib/db';
import { UNLINKED } from '../statements';
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

/**
 * Distinct instances that were rejected on the (UTC) days that a window touches, as far as days are kept. Each rejected day is
 * linked to the one before it: whoever was rejected in the window is found once, on the day that is linked to before it. Only
 * where some are not linked yet are instances told apart.
 */
export async function countRejectedDeviceDays(
  db: Executor,
  apps: readonly string[],
  window: Pick<TimeWindow, 'fromMs' | 'toMs'>,
): Promise<number> {
  if (apps.length === 0) return 0;
  const day = (ms: number) => sql`${new Date(ms).toISOString().slice(0, 10)}::date`;
  const within = (row: SQL) =>
    sql`${row}.day >= ${day(window.fromMs)} and ${row}.day <= ${day(window.toMs - 1)}`;
  const count = async (columns: SQL) => {
    const [row] = await db.execute<{ devices: number; unlinked: number }>(sql`
      select coalesce(sum(found.devices), 0)::int as devices, coalesce(sum(found.unlinked), 0)::int as unlinked
      from (
        select a.app_id, greatest(${day(window.fromMs)}, countersign_first_kept_day('hour', a.app_id),
          (select f.day from device_days f where f.app_id = a.app_id and ${within(sql`f`)} order by f.day limit 1)) as since
        from unnest(array[${sql.join(
          apps.map((app) => sql`${app}::text`),
          sql`, `,
        )}]) as a(app_id) offset 0
      ) kept cross join lateral (
        select ${columns} from device_days d
        where d.app_id = kept.app_id and d.verdict = 'rejected' and ${within(sql`d`)} and d.day >= kept.since
          and d.previous_day < kept.since
      ) found`);
    return { devices: 0, unlinked: 0, ...row };
  };
  const byLinks = await count(
    sql`count(*) as devices, count(*) filter (where d.previous_day = ${UNLINKED}::date) as unlinked`,
  );
  if (byLinks.unlinked === 0) return byLinks.devices;
  return (await count(sql`count(distinct d.instance_id) as devices, 0 as unlinked`)).devices;
}
