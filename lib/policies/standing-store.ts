import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { apps, policyDrafts, policyRollouts, policyVersions, signalQuarantines } from '@/drizzle/schema';
import { policySchema } from '@/lib/contracts';
import type { Executor } from '@/lib/db';

/** What is in force and on its way for these apps (`null`: all), by name of the app. */
export function selectStandings(db: Executor, ids: readonly string[] | null) {
  return db
    .select({
      ...{ appId: apps.id, appName: apps.name, version: apps.policyVersion },
      needsApproval: apps.policyNeedsApproval,
      ...{ publishedBy: policyVersions.publishedBy, publishedAt: policyVersions.publishedAt },
      ...{ revision: policyDrafts.revision, approvedBy: policyDrafts.approvedByName },
      ...{ updatedBy: policyDrafts.updatedByName, updatedAt: policyDrafts.updatedAt },
      ...{ candidate: policyRollouts.version, stage: policyRollouts.stage },
      quarantines: sql<number>`(
        select count(*)::int from ${signalQuarantines} where ${signalQuarantines.appId} = ${apps.id}
          and ${signalQuarantines.endedAt} is null and ${signalQuarantines.expiresAt} > clock_timestamp())`,
    })
    .from(apps)
    .innerJoin(
      policyVersions,
      and(eq(policyVersions.appId, apps.id), eq(policyVersions.version, apps.policyVersion)),
    )
    .leftJoin(policyDrafts, and(eq(policyDrafts.appId, apps.id), sql`${policyDrafts.policy} is not null`))
    .leftJoin(policyRollouts, and(eq(policyRollouts.appId, apps.id), eq(policyRollouts.state, 'open')))
    .where(ids === null ? undefined : inArray(apps.id, [...ids]))
    .orderBy(asc(apps.name), asc(apps.id));
}

/** What is in force in these apps (`null`: all), and which baseline it and the draft inherit, by name of the app. */
export async function selectInheritance(db: Executor, ids: readonly string[] | null) {
  const rows = await db
    .select({
      ...{ appId: apps.id, appName: apps.name, version: apps.policyVersion, policy: policyVersions.policy },
      inheritedVersion: policyVersions.baselineVersion,
      ...{ revision: policyDrafts.revision, draftInherited: policyDrafts.baselineVersion },
    })
    .from(apps)
    .innerJoin(
      policyVersions,
      and(eq(policyVersions.appId, apps.id), eq(policyVersions.version, apps.policyVersion)),
    )
    .leftJoin(policyDrafts, and(eq(policyDrafts.appId, apps.id), sql`${policyDrafts.policy} is not null`))
    .where(ids === null ? undefined : inArray(apps.id, [...ids]))
    .orderBy(asc(apps.name), asc(apps.id));
  return rows.map((row) => ({ ...row, policy: policySchema.parse(row.policy) }));
}
