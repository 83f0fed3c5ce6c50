import { sql } from 'drizzle-orm';
import type { Executor } from '@/lib/db';
import { isOneOf } from './conditions';

/** Since when counts by the minute are kept of all these apps; before that, hours have to answer. */
export async function minutesKeptSince(db: Executor, apps: readonly string[]): Promise<number> {
  const [row] = await db.execute<{ ms: number | null }>(sql`
    select (extract(epoch from date_trunc('day', now(), 'UTC') - make_interval(days => min(retain_minute_days))) * 1000)::float8
      as ms
    from apps where ${isOneOf(sql`id`, apps)}`);
  return row?.ms ?? Number.POSITIVE_INFINITY;
}

/** Whether counts by the minute are kept of all these apps since an instant. */
export async function areMinutesKept(
  db: Executor,
  apps: readonly string[],
  sinceMs: number,
): Promise<boolean> {
  return sinceMs >= (await minutesKeptSince(db, apps));
}
