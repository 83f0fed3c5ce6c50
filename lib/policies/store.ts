import { and, desc, eq } from 'drizzle-orm';
import { apps, policyVersions } from '@/drizzle/schema';
import { type Policy, policySchema } from '@/lib/contracts';
import type { Executor, Tx } from '@/lib/db';

/** One published version, its policy parsed. */
export interface PolicyVersionRow {
  version: number;
  policy: Policy;
  reason: string;
  publishedBy: string;
  publishedAt: Date;
}

/** Version in force; `undefined` where there is no such app. */
export async function currentVersion(db: Executor, appId: string): Promise<number | undefined> {
  const [row] = await db.select({ version: apps.policyVersion }).from(apps).where(eq(apps.id, appId));
  return row?.version;
}

/** Published versions, newest first. */
export async function listVersions(db: Executor, appId: string, limit: number): Promise<PolicyVersionRow[]> {
  const rows = await db
    .select()
    .from(policyVersions)
    .where(eq(policyVersions.appId, appId))
    .orderBy(desc(policyVersions.version))
    .limit(limit);
  return rows.map((row) => ({ ...row, policy: policySchema.parse(row.policy) }));
}

export async function findVersion(
  db: Executor,
  appId: string,
  version: number,
): Promise<PolicyVersionRow | undefined> {
  const [row] = await db
    .select()
    .from(policyVersions)
    .where(and(eq(policyVersions.appId, appId), eq(policyVersions.version, version)));
  return row && { ...row, policy: policySchema.parse(row.policy) };
}

/** Inserts a version; `false` where somebody published the same number first. */
export async function insertVersion(tx: Tx, appId: string, row: PolicyVersionRow): Promise<boolean> {
  const made = await tx
    .insert(policyVersions)
    .values({ appId, ...row })
    .onConflictDoNothing()
    .returning({ version: policyVersions.version });
  return made.length === 1;
}
