import { sql } from 'drizzle-orm';
import type { Executor } from '@/lib/db';
import { instant, isOneOf } from './conditions';

/** Whether counts by the minute are kept of all these apps since an instant; before that, hours have to answer. */
export async function areMinutesKept(
  db: Executor,
  apps: readonly string[],
  sinceMs: number,
): Promise<boolean> {
  const [row] = await db.execute<{ kept: boolean | null }>(sql`
    select ${instant(sinceMs)} >= date_trunc('day', now(), 'UTC') - make_interval(days => min(retain_minute_days)) as kept
    from apps where ${isOneOf(sql`id`, apps)}`);
  return row?.kept ?? false;
}
