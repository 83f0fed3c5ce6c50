import { and, desc, eq, gte, inArray, isNull, or, sql } from 'drizzle-orm';
import { apps, blocks, policyRollouts } from '@/drizzle/schema';
import { minimumVersionsSchema } from '@/lib/contracts';
import type { Executor } from '@/lib/db';

const ofApps = (ids: readonly string[] | null) => (ids === null ? undefined : inArray(apps.id, [...ids]));
const APP = { appId: apps.id, appName: apps.name };

/** Blocks of whole apps that are in force at `now`, the newest first. Each is looked up by its target, however many blocks there are. */
export async function selectKillSwitches(
  db: Executor,
  ids: readonly string[] | null,
  { now, most }: { now: Date; most: number },
) {
  const at = now.toISOString();
  return await db
    .select({ ...APP, since: blocks.createdAt, by: blocks.createdByName, reason: blocks.reason })
    .from(apps)
    .innerJoin(
      blocks,
      and(
        eq(blocks.scope, 'app'),
        eq(blocks.target, apps.id),
        eq(blocks.effect, 'refuse'),
        isNull(blocks.liftedAt),
        or(isNull(blocks.expiresAt), sql`${blocks.expiresAt} > ${at}::timestamptz`),
      ),
    )
    .where(ofApps(ids))
    .orderBy(desc(blocks.createdAt))
    .limit(most);
}

/** Apps that let in no version older than some. */
export async function selectMinimumVersions(db: Executor, ids: readonly string[] | null, most: number) {
  const rows = await db
    .select({ ...APP, minimumVersions: apps.minimumVersions })
    .from(apps)
    .where(
      and(
        ofApps(ids),
        sql`(${apps.minimumVersions} ->> 'ios' is not null or ${apps.minimumVersions} ->> 'android' is not null)`,
      ),
    )
    .orderBy(apps.name)
    .limit(most);
  return rows.map((row) => ({ ...row, minimumVersions: minimumVersionsSchema.parse(row.minimumVersions) }));
}

/** Newest rollouts of each app that were reverted by their guardrail since. */
export async function selectReverted(
  db: Executor,
  ids: readonly string[] | null,
  { since, by, most }: { since: Date; by: string; most: number },
) {
  return await db
    .select({
      ...APP,
      version: policyRollouts.version,
      endedAt: policyRollouts.endedAt,
      reason: policyRollouts.endReason,
    })
    .from(policyRollouts)
    .innerJoin(apps, eq(apps.id, policyRollouts.appId))
    .where(
      and(
        ofApps(ids),
        eq(policyRollouts.state, 'stopped'),
        eq(policyRollouts.endedByName, by),
        gte(policyRollouts.endedAt, since),
        sql`not exists (select from policy_rollouts later where later.app_id = ${policyRollouts.appId}
          and later.started_at > ${policyRollouts.startedAt})`,
      ),
    )
    .orderBy(desc(policyRollouts.endedAt))
    .limit(most);
}
