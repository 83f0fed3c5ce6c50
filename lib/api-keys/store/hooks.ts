import { and, asc, desc, eq, inArray, isNotNull, lte, sql } from 'drizzle-orm';
import { apiKeyRotations, apiKeys, apiKeyVersions } from '@/drizzle/schema';
import type { Database, Executor, Tx } from '@/lib/db';
import { KEY_COLUMNS } from './keys';

/* What is to be asked of the hooks of API keys, and what became of it. */

export type RotationRow = typeof apiKeyRotations.$inferSelect;

/** The newest rotation by the hook of each of these keys. */
export async function selectRotations(db: Executor, keyIds: readonly string[]): Promise<RotationRow[]> {
  if (keyIds.length === 0) return [];
  return await db
    .selectDistinctOn([apiKeyRotations.keyId])
    .from(apiKeyRotations)
    .where(inArray(apiKeyRotations.keyId, [...keyIds]))
    .orderBy(asc(apiKeyRotations.keyId), desc(apiKeyRotations.requestedAt));
}

/** Asks for a rotation by the hook; `false` where one is due already. */
export async function insertRotation(tx: Tx, row: typeof apiKeyRotations.$inferInsert): Promise<boolean> {
  const made = await tx
    .insert(apiKeyRotations)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: apiKeyRotations.id });
  return made.length === 1;
}

/** Rotations that the hook is to be asked for now, with what asking needs. For the service's role only. */
export async function selectDueRotations(db: Executor, limit: number) {
  return await db
    .select({
      rotation: apiKeyRotations,
      key: KEY_COLUMNS,
      sealedHookSecret: apiKeys.sealedHookSecret,
    })
    .from(apiKeyRotations)
    .innerJoin(apiKeys, eq(apiKeys.id, apiKeyRotations.keyId))
    .where(and(eq(apiKeyRotations.state, 'due'), lte(apiKeyRotations.dueAt, sql`clock_timestamp()`)))
    .orderBy(asc(apiKeyRotations.dueAt))
    .limit(limit);
}

/** Notes what became of a rotation; only while it is due. */
export async function settleRotation(
  db: Executor,
  id: string,
  outcome:
    | { state: 'done' | 'failed'; lastError: string | null }
    | { state: 'due'; lastError: string; retryInSeconds: number },
): Promise<boolean> {
  const rows = await db
    .update(apiKeyRotations)
    .set({
      state: outcome.state,
      lastError: outcome.lastError,
      attempts: sql`${apiKeyRotations.attempts} + 1`,
      ...(outcome.state === 'due'
        ? { dueAt: sql`clock_timestamp() + make_interval(secs => ${outcome.retryInSeconds})` }
        : { endedAt: sql`clock_timestamp()` }),
    })
    .where(and(eq(apiKeyRotations.id, id), eq(apiKeyRotations.state, 'due')))
    .returning({ id: apiKeyRotations.id });
  return rows.length === 1;
}

/** Revoked versions that the hook is to be told of now. For the service's role only. */
export async function selectDueRevocations(db: Executor, limit: number) {
  return await db
    .select({
      key: KEY_COLUMNS,
      version: apiKeyVersions.version,
      externalRef: apiKeyVersions.externalRef,
      attempts: apiKeyVersions.externalRevokeAttempts,
      sealedHookSecret: apiKeys.sealedHookSecret,
    })
    .from(apiKeyVersions)
    .innerJoin(apiKeys, eq(apiKeys.id, apiKeyVersions.keyId))
    .where(
      and(
        isNotNull(apiKeyVersions.externalRevokeDueAt),
        lte(apiKeyVersions.externalRevokeDueAt, sql`clock_timestamp()`),
      ),
    )
    .orderBy(asc(apiKeyVersions.externalRevokeDueAt))
    .limit(limit);
}

/** Notes whether the hook has revoked a version. */
export async function settleRevocation(
  db: Executor,
  { keyId, version }: { keyId: string; version: number },
  outcome: { done: true } | { done: false; error: string; retryInSeconds: number },
): Promise<void> {
  await db
    .update(apiKeyVersions)
    .set({
      externalRevokeAttempts: sql`${apiKeyVersions.externalRevokeAttempts} + 1`,
      ...(outcome.done
        ? {
            externalRevokedAt: sql`clock_timestamp()`,
            externalRevokeDueAt: null,
            externalRevokeError: null,
          }
        : {
            externalRevokeDueAt: sql`clock_timestamp() + make_interval(secs => ${outcome.retryInSeconds})`,
            externalRevokeError: outcome.error,
          }),
    })
    .where(and(eq(apiKeyVersions.keyId, keyId), eq(apiKeyVersions.version, version)));
}

/** The database's clock in milliseconds since the epoch. */
export async function databaseNowMs({ sql: query }: Pick<Database, 'sql'>): Promise<number> {
  const [row] = await query<
    { now: number }[]
  >`select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`;
  return row?.now ?? Number.NaN;
}
