import { eq, sql } from 'drizzle-orm';
import { apps, attestationEvents } from '@/drizzle/schema';
import { type AttestationRow, type Verdict, verdictSchema } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import { isOneOf, newestFirst } from './conditions';
import { listedRow, ROW_COLUMNS } from './events';

/** What the live counts need of an event. */
export interface RecentEvent {
  id: string;
  appId: string;
  verdict: Verdict;
}

/** Most events that are looked through at once; a busier second is counted in part. */
const MOST_RECENT = 40_000;

/**
 * Events received within the last `overlapSeconds` by the database's clock, newest first. The order in which events
 * commit is not the order in which they were received, so that readers look back over what they have seen.
 */
export async function listRecentEvents(db: Executor, overlapSeconds: number): Promise<RecentEvent[]> {
  const rows = await db
    .select({ id: attestationEvents.id, appId: attestationEvents.appId, verdict: attestationEvents.verdict })
    .from(attestationEvents)
    .where(sql`${attestationEvents.receivedAt} > now() - make_interval(secs => ${overlapSeconds})`)
    .orderBy(newestFirst(attestationEvents.receivedAt), newestFirst(attestationEvents.id))
    .limit(MOST_RECENT);
  return rows.map((row) => ({ ...row, verdict: verdictSchema.parse(row.verdict) }));
}

/** The rows of some of those events, newest first. */
export async function readRecentRows(
  db: Executor,
  ids: readonly string[],
  overlapSeconds: number,
): Promise<AttestationRow[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .select(ROW_COLUMNS)
    .from(attestationEvents)
    .leftJoin(apps, eq(apps.id, attestationEvents.appId))
    .where(
      sql`${attestationEvents.receivedAt} > now() - make_interval(secs => ${overlapSeconds})
        and ${isOneOf(sql`${attestationEvents.id}::text`, ids)}`,
    )
    .orderBy(newestFirst(attestationEvents.receivedAt), newestFirst(attestationEvents.id));
  return rows.map((row) => listedRow(row).row);
}
