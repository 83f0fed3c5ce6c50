import { and, arrayOverlaps, asc, desc, eq, inArray, isNotNull, lte, sql } from 'drizzle-orm';
import { apiKeyRotations, apiKeys, apiKeyVersions, apis, apps, vaultKeys } from '@/drizzle/schema';
import { type ApiKeySnapshot, apiKeySnapshotSchema } from '@/lib/contracts';
import { toBase64Url } from '@/lib/core';
import type { SealingPublicJwk } from '@/lib/crypto';
import type { Database, Executor, Tx } from '@/lib/db';

/** A key without its secrets. */
export type KeyRow = Omit<typeof apiKeys.$inferSelect, 'sealedHookSecret'>;
/** A version without its value and hash. */
export type VersionRow = Omit<typeof apiKeyVersions.$inferSelect, 'sealedValue' | 'valueHash'>;
export type RotationRow = typeof apiKeyRotations.$inferSelect;

const KEYS_LOCK = 7_310_530;
const VAULT_KEY_ID = 'default';

const KEY_COLUMNS = {
  id: apiKeys.id,
  appId: apiKeys.appId,
  name: apiKeys.name,
  kind: apiKeys.kind,
  apiIds: apiKeys.apiIds,
  isRequired: apiKeys.isRequired,
  hookUrl: apiKeys.hookUrl,
  revision: apiKeys.revision,
  createdAt: apiKeys.createdAt,
  createdByName: apiKeys.createdByName,
};

const VERSION_COLUMNS = {
  keyId: apiKeyVersions.keyId,
  version: apiKeyVersions.version,
  status: apiKeyVersions.status,
  origin: apiKeyVersions.origin,
  createdAt: apiKeyVersions.createdAt,
  createdByName: apiKeyVersions.createdByName,
  activatedAt: apiKeyVersions.activatedAt,
  retiresAt: apiKeyVersions.retiresAt,
  revokedAt: apiKeyVersions.revokedAt,
  revokedWhy: apiKeyVersions.revokedWhy,
  seq: apiKeyVersions.seq,
  externalRef: apiKeyVersions.externalRef,
  externalRevokedAt: apiKeyVersions.externalRevokedAt,
  externalRevokeDueAt: apiKeyVersions.externalRevokeDueAt,
  externalRevokeAttempts: apiKeyVersions.externalRevokeAttempts,
  externalRevokeError: apiKeyVersions.externalRevokeError,
};

/** Waits for whoever else changes this key, or makes keys for this app, until the transaction ends. */
export async function lockKey(tx: Tx, idOrApp: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${KEYS_LOCK}, hashtext(${idOrApp}))`);
}

/** Public half of the vault key; `undefined` where the service has never started. */
export async function selectVaultPublicKey(db: Executor): Promise<SealingPublicJwk | undefined> {
  const [row] = await db
    .select({ publicJwk: vaultKeys.publicJwk })
    .from(vaultKeys)
    .where(eq(vaultKeys.id, VAULT_KEY_ID));
  // Written by the service itself, from a key that it made.
  return row?.publicJwk as SealingPublicJwk | undefined;
}

/** Which of these APIs accept the app. */
export async function apisOfApp(
  db: Executor,
  appId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .select({ id: apis.id })
    .from(apis)
    .where(and(inArray(apis.id, [...ids]), arrayOverlaps(apis.appIds, [appId])));
  return new Set(rows.map(({ id }) => id));
}

export async function isApp(db: Executor, appId: string): Promise<boolean> {
  return (await db.select({ id: apps.id }).from(apps).where(eq(apps.id, appId))).length === 1;
}

/** Name of a managed key of the app that one of these APIs checks already. */
export async function managedKeyOf(
  db: Executor,
  appId: string,
  apiIds: readonly string[],
): Promise<string | undefined> {
  if (apiIds.length === 0) return undefined;
  const [row] = await db
    .select({ name: apiKeys.name })
    .from(apiKeys)
    .where(and(eq(apiKeys.appId, appId), arrayOverlaps(apiKeys.apiIds, [...apiIds])))
    .limit(1);
  return row?.name;
}

/** Inserts a key; `false` where the app has one of this name. */
export async function insertKey(tx: Tx, row: typeof apiKeys.$inferInsert): Promise<boolean> {
  const made = await tx.insert(apiKeys).values(row).onConflictDoNothing().returning({ id: apiKeys.id });
  return made.length === 1;
}

export async function findKey(db: Executor, id: string): Promise<KeyRow | undefined> {
  const [row] = await db.select(KEY_COLUMNS).from(apiKeys).where(eq(apiKeys.id, id));
  return row;
}

/** Keys of these apps (`null`: all), by app and name. */
export async function selectKeys(db: Executor, appIds: readonly string[] | null): Promise<KeyRow[]> {
  return await db
    .select(KEY_COLUMNS)
    .from(apiKeys)
    .where(appIds === null ? undefined : inArray(apiKeys.appId, [...appIds]))
    .orderBy(asc(apiKeys.appId), asc(apiKeys.name));
}

export async function setRequired(tx: Tx, id: string, isRequired: boolean): Promise<void> {
  await tx.update(apiKeys).set({ isRequired }).where(eq(apiKeys.id, id));
}

/** Versions of these keys, newest first. */
export async function selectVersions(db: Executor, keyIds: readonly string[]): Promise<VersionRow[]> {
  if (keyIds.length === 0) return [];
  return await db
    .select(VERSION_COLUMNS)
    .from(apiKeyVersions)
    .where(inArray(apiKeyVersions.keyId, [...keyIds]))
    .orderBy(asc(apiKeyVersions.keyId), desc(apiKeyVersions.version));
}

export async function insertVersion(tx: Tx, row: typeof apiKeyVersions.$inferInsert): Promise<void> {
  await tx.insert(apiKeyVersions).values(row);
}

/** What a transition writes to one version. */
export type VersionPatch = Partial<
  Pick<
    VersionRow,
    'status' | 'activatedAt' | 'retiresAt' | 'revokedAt' | 'revokedWhy' | 'seq' | 'externalRevokeDueAt'
  >
>;

export async function updateVersion(
  tx: Tx,
  keyId: string,
  version: number,
  patch: VersionPatch,
): Promise<void> {
  await tx
    .update(apiKeyVersions)
    .set(patch)
    .where(and(eq(apiKeyVersions.keyId, keyId), eq(apiKeyVersions.version, version)));
}

/** Keys that have a version whose grace is over, and is not written down as over yet. */
export async function keysWithEndedGrace(db: Executor): Promise<string[]> {
  const rows = await db
    .selectDistinct({ keyId: apiKeyVersions.keyId })
    .from(apiKeyVersions)
    .where(and(eq(apiKeyVersions.status, 'retiring'), lte(apiKeyVersions.retiresAt, sql`clock_timestamp()`)))
    .orderBy(asc(apiKeyVersions.keyId));
  return rows.map(({ keyId }) => keyId);
}

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

/** Keys as nodes obey them, with the hashes of managed values (`null`: all keys). For the service's role only. */
export async function selectKeySnapshots(
  db: Executor,
  ids: readonly string[] | null,
): Promise<ApiKeySnapshot[]> {
  const rows = await db
    .select({
      ...KEY_COLUMNS,
      version: apiKeyVersions.version,
      status: apiKeyVersions.status,
      activatedAt: apiKeyVersions.activatedAt,
      retiresAt: apiKeyVersions.retiresAt,
      valueHash: apiKeyVersions.valueHash,
    })
    .from(apiKeys)
    .innerJoin(apiKeyVersions, eq(apiKeyVersions.keyId, apiKeys.id))
    .where(ids === null ? undefined : inArray(apiKeys.id, [...ids]))
    .orderBy(asc(apiKeys.id), desc(apiKeyVersions.version));
  const keys = new Map<string, ApiKeySnapshot>();
  for (const row of rows) {
    const key = keys.get(row.id) ?? apiKeySnapshotSchema.parse({ ...row, versions: [] });
    keys.set(row.id, key);
    key.versions.push({
      version: row.version,
      status: row.status,
      activatedAtMs: row.activatedAt?.getTime() ?? null,
      retiresAtMs: row.retiresAt?.getTime() ?? null,
      valueHash: row.valueHash === null ? null : toBase64Url(row.valueHash),
    });
  }
  return [...keys.values()];
}

/** A sealed value that devices may be given. */
export interface SealedVersion {
  keyId: string;
  version: number;
  sealedValue: string;
}

/** Sealed values of versions that are active or retiring. For the service's role only. */
export async function selectSealedValues(db: Executor): Promise<SealedVersion[]> {
  return await db
    .select({
      keyId: apiKeyVersions.keyId,
      version: apiKeyVersions.version,
      sealedValue: apiKeyVersions.sealedValue,
    })
    .from(apiKeyVersions)
    .where(inArray(apiKeyVersions.status, ['active', 'retiring']));
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
