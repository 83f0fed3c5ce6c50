import { and, desc, eq, sql } from 'drizzle-orm';
import { apps, policyBaselines, policyDrafts, policyVersions } from '@/drizzle/schema';
import { type Policy, type PolicyBaseline, policySchema } from '@/lib/contracts';
import type { Executor, Tx } from '@/lib/db';

/** One published version, its policy parsed. */
export interface PolicyVersionRow {
  version: number;
  policy: Policy;
  reason: string;
  publishedBy: string;
  publishedAt: Date;
  approvedBy: string | null;
  baselineVersion: number | null;
}

/** What publishing goes by. */
export interface PolicyStanding {
  currentVersion: number;
  needsApproval: boolean;
}

const STANDING = { currentVersion: apps.policyVersion, needsApproval: apps.policyNeedsApproval };

/** How an app stands; `undefined` where there is no such app. */
export async function findStanding(db: Executor, appId: string): Promise<PolicyStanding | undefined> {
  const [row] = await db.select(STANDING).from(apps).where(eq(apps.id, appId));
  return row;
}

/** The same, and nobody else publishes, drafts or quarantines for the app until the transaction ends. */
export async function lockStanding(tx: Tx, appId: string): Promise<PolicyStanding | undefined> {
  const [row] = await tx.select(STANDING).from(apps).where(eq(apps.id, appId)).for('no key update');
  return row;
}

/** Sets whether an app's drafts have to be approved. */
export async function updateNeedsApproval(tx: Tx, appId: string, needed: boolean, now: Date): Promise<void> {
  await tx
    .update(apps)
    .set({ policyNeedsApproval: needed, revision: sql`${apps.revision} + 1`, updatedAt: now })
    .where(eq(apps.id, appId));
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

/** Inserts the next version of an app that is locked, and returns it. */
export async function insertNextVersion(
  tx: Tx,
  appId: string,
  row: Omit<PolicyVersionRow, 'version'>,
): Promise<PolicyVersionRow> {
  const [last] = await listVersions(tx, appId, 1);
  const next = { ...row, version: (last?.version ?? 0) + 1 };
  await tx.insert(policyVersions).values({ appId, ...next });
  return next;
}

/** The draft of an app as stored. */
export interface DraftRow {
  revision: number;
  basedOn: number;
  /** `null`: there is no draft now. */
  policy: Policy | null;
  baselineVersion: number | null;
  updatedBy: string;
  updatedByName: string;
  updatedAt: Date;
  approvedBy: string | null;
  approvedByName: string | null;
  approvedAt: Date | null;
}

/** The draft of an app, or the row that is left of one. */
export async function findDraft(db: Executor, appId: string): Promise<DraftRow | undefined> {
  const [row] = await db.select().from(policyDrafts).where(eq(policyDrafts.appId, appId));
  return row && { ...row, policy: row.policy === null ? null : policySchema.parse(row.policy) };
}

/** Writes the draft of an app that is locked. */
export async function writeDraft(tx: Tx, appId: string, row: DraftRow): Promise<void> {
  await tx
    .insert(policyDrafts)
    .values({ appId, ...row })
    .onConflictDoUpdate({ target: policyDrafts.appId, set: { ...row } });
}

/** The newest baseline, if there is one; with `version`, that one. */
export async function findBaseline(db: Executor, version?: number): Promise<PolicyBaseline | undefined> {
  const [row] = await db
    .select()
    .from(policyBaselines)
    .where(version === undefined ? undefined : eq(policyBaselines.version, version))
    .orderBy(desc(policyBaselines.version))
    .limit(1);
  return (
    row && { ...row, policy: policySchema.parse(row.policy), publishedAt: row.publishedAt.toISOString() }
  );
}

/** Inserts a baseline; `false` where somebody published the same number first. */
export async function insertBaseline(
  tx: Tx,
  row: Omit<PolicyBaseline, 'publishedAt'> & { publishedAt: Date },
): Promise<boolean> {
  const made = await tx
    .insert(policyBaselines)
    .values(row)
    .onConflictDoNothing()
    .returning({ version: policyBaselines.version });
  return made.length === 1;
}
