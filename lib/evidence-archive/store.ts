import { and, asc, eq, isNull, lt, sql } from 'drizzle-orm';
import { apps, archivedEvidence, caseExports, policyVersions } from '@/drizzle/schema';
import { AppError } from '@/lib/core';
import type { SealingPublicJwk } from '@/lib/crypto';
import type { Executor, Tx } from '@/lib/db';

/** Wakes the service's nodes: somebody asked for a piece of archived evidence. */
export const CASE_EXPORTS_CHANNEL = 'countersign_case_exports';

/** An event whose evidence may have been archived. */
export interface ArchivedEvent {
  readonly appId: string;
  readonly subjectId: string;
  /** ISO 8601, to the millisecond. */
  readonly receivedAt: string;
  readonly eventId: string;
}

/** Around the moment of an event, so that one partition is read: its row has it exactly. */
function ofEvent({ subjectId, eventId, receivedAt }: Omit<ArchivedEvent, 'appId'>) {
  return and(
    eq(archivedEvidence.subjectId, subjectId),
    eq(archivedEvidence.id, eventId),
    sql`${archivedEvidence.receivedAt} between ${receivedAt}::timestamptz - interval '1 second'
      and ${receivedAt}::timestamptz + interval '1 second'`,
  );
}

/** Asks the service for a piece of evidence, under a public key that only the one who asks has the other half of. */
export async function insertExport(
  tx: Tx,
  id: string,
  event: ArchivedEvent,
  publicJwk: SealingPublicJwk,
): Promise<void> {
  await tx.insert(caseExports).values({ id, ...event, publicJwk, requestedAt: sql`clock_timestamp()` });
  await tx.execute(sql`select pg_notify(${CASE_EXPORTS_CHANNEL}, ${id})`);
}

/** What came of a request so far. */
export async function selectAnswer(
  db: Executor,
  id: string,
): Promise<{ sealedCase: string | null; failure: string | null } | undefined> {
  const { sealedCase, failure } = caseExports;
  const [row] = await db.select({ sealedCase, failure }).from(caseExports).where(eq(caseExports.id, id));
  return row;
}

/** Forgets a request with its answer. */
export async function deleteExport(db: Executor, id: string): Promise<void> {
  await db.delete(caseExports).where(eq(caseExports.id, id));
}

/** A request that waits, with the sealed evidence; `null` where that is gone. */
export interface WaitingExport {
  readonly id: string;
  readonly appId: string;
  readonly eventId: string;
  readonly publicJwk: SealingPublicJwk;
  readonly sealed: Buffer | null;
}

/** One request that nobody else answers now, locked until the transaction ends. */
export async function takeExport(tx: Tx): Promise<WaitingExport | undefined> {
  const [row] = await tx
    .select()
    .from(caseExports)
    .where(and(isNull(caseExports.sealedCase), isNull(caseExports.failure)))
    .orderBy(asc(caseExports.requestedAt))
    .limit(1)
    .for('update', { skipLocked: true });
  if (row === undefined) return undefined;
  const { id, appId, eventId } = row;
  const [kept] = await tx
    .select({ sealed: archivedEvidence.sealed })
    .from(archivedEvidence)
    .where(ofEvent(row));
  // The console writes what it made: the public half of a new key.
  return { id, appId, eventId, publicJwk: row.publicJwk as SealingPublicJwk, sealed: kept?.sealed ?? null };
}

/** Writes the answer to a request that was taken. */
export async function answerExport(
  tx: Tx,
  id: string,
  answer: { sealedCase: string } | { failure: string },
): Promise<void> {
  await tx.update(caseExports).set(answer).where(eq(caseExports.id, id));
}

/** Forgets requests that nobody waits for any more. */
export async function deleteOldExports(db: Executor): Promise<void> {
  await db
    .delete(caseExports)
    .where(lt(caseExports.requestedAt, sql`clock_timestamp() - interval '5 minutes'`));
}

/** A version of an app's policy as it was published. */
export async function selectPolicy(db: Executor, appId: string, version: number): Promise<unknown> {
  const [row] = await db
    .select({ policy: policyVersions.policy })
    .from(policyVersions)
    .where(and(eq(policyVersions.appId, appId), eq(policyVersions.version, version)));
  return row?.policy;
}

/** For how long an app keeps evidence, and the oldest that it has. */
export async function findArchive(
  db: Executor,
  appId: string,
): Promise<{ revision: number; archiveDays: number; oldestAt: Date | null } | undefined> {
  const [app] = await db
    .select({ revision: apps.revision, archiveDays: apps.archiveDays })
    .from(apps)
    .where(eq(apps.id, appId));
  if (app === undefined) return undefined;
  const [oldest] = await db
    .select({ at: archivedEvidence.receivedAt })
    .from(archivedEvidence)
    .where(eq(archivedEvidence.appId, appId))
    .orderBy(asc(archivedEvidence.receivedAt))
    .limit(1);
  return { ...app, oldestAt: oldest?.at ?? null };
}

/** Nobody else changes the app until the transaction ends. */
export async function lockApp(tx: Tx, appId: string): Promise<void> {
  await tx.select({ id: apps.id }).from(apps).where(eq(apps.id, appId)).for('no key update');
}

/** Sets for how long an app keeps evidence. */
export async function updateArchiveDays(
  tx: Tx,
  appId: string,
  archiveDays: number,
  now: Date,
): Promise<void> {
  const rows = await tx
    .update(apps)
    .set({ archiveDays, revision: sql`${apps.revision} + 1`, updatedAt: now })
    .where(eq(apps.id, appId))
    .returning({ id: apps.id });
  if (rows.length === 0) throw new AppError('app_not_found');
}
