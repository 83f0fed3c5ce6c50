import { sql } from 'drizzle-orm';
import type { Executor } from '@/lib/db';
import { instant, isOneOf } from './conditions';
import type { TimeWindow } from './time-window';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Decisions for relying parties by outcome, most frequent first, from these kinds of networks (none: from all). An app
 * of `''` stands for requests that name none.
 */
export async function countRequests(
  db: Executor,
  apps: readonly string[],
  window: Omit<TimeWindow, 'bucketMs'>,
  networks: readonly string[] = [],
): Promise<{ outcome: string; requests: number }[]> {
  const rows = await db.execute<{ outcome: string; requests: number }>(sql`
    select r.outcome, sum(r.requests)::float8 as requests from (${sql.join(
      partsOf(window).map(
        ({ table, fromMs, toMs }) => sql`
      select outcome, requests from ${sql.identifier(table)} t
      where ${isOneOf(sql`t.app_id`, apps)} and t.bucket >= ${instant(fromMs)} and t.bucket < ${instant(toMs)}
        and ${networks.length === 0 ? sql`true` : isOneOf(sql`t.network_kind`, networks)}`,
      ),
      sql` union all `,
    )}) r
    group by r.outcome order by 2 desc, 1`);
  return [...rows];
}

interface Part {
  readonly table: 'request_rollup_minutes' | 'request_rollup_hours';
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Which rows are added up: of a window by the minute, whole hours as such, which are a sixtieth of the rows. Both are written
 * together, and each is kept for yesterday at least; beyond that, hours may be gone where minutes are not.
 */
export function partsOf({ fromMs, toMs, nowMs, rollup }: Omit<TimeWindow, 'bucketMs'>): Part[] {
  if (rollup === 'hour') return [{ table: 'request_rollup_hours', fromMs, toMs }];
  const yesterdayMs = (Math.floor(nowMs / DAY_MS) - 1) * DAY_MS;
  const firstMs = Math.ceil(Math.max(fromMs, yesterdayMs) / HOUR_MS) * HOUR_MS;
  const endMs = Math.floor(toMs / HOUR_MS) * HOUR_MS;
  if (firstMs >= endMs) return [{ table: 'request_rollup_minutes', fromMs, toMs }];
  const parts: Part[] = [
    { table: 'request_rollup_minutes', fromMs, toMs: firstMs },
    { table: 'request_rollup_hours', fromMs: firstMs, toMs: endMs },
    { table: 'request_rollup_minutes', fromMs: endMs, toMs },
  ];
  return parts.filter((part) => part.fromMs < part.toMs);
}
