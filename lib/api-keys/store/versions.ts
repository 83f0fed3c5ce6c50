import { and, asc, desc, eq, inArray, lte, sql } from 'drizzle-orm';
import { apiKeys, apiKeyVersions } from '@/drizzle/schema';
import { type ApiKeySnapshot, apiKeySnapshotSchema } from '@/lib/contracts';
import { toBase64Url } from '@/lib/core';
import type { Executor, Tx } from '@/lib/db';
import { KEY_COLUMNS } from './keys';

/** A version without its value and hash. */
export type VersionRow = Omit<typeof apiKeyVersions.$inferSelect, 'sealedValue' | 'valueHash'>;

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

/** Writes down at which change versions of a key stand. */
export async function numberVersions(
  tx: Tx,
  keyId: string,
  versions: readonly number[],
  seq: number,
): Promise<void> {
  if (versions.length === 0) return;
  await tx
    .update(apiKeyVersions)
    .set({ seq })
    .where(and(eq(apiKeyVersions.keyId, keyId), inArray(apiKeyVersions.version, [...versions])));
}

/** What a transition writes to one version. */
export type VersionPatch = Partial<
  Pick<
    VersionRow,
    'status' | 'activatedAt' | 'retiresAt' | 'revokedAt' | 'revokedWhy' | 'externalRevokeDueAt'
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

/** A sealed value that devices may be given; `null` where the reader has it. */
export interface SealedVersion {
  keyId: string;
  version: number;
  sealedValue: string | null;
}

/**
 * Versions that are active or retiring, with the sealed values of those that are not `known` (as `keyId/version`). For the
 * service's role only.
 */
export async function selectSealedValues(db: Executor, known: readonly string[]): Promise<SealedVersion[]> {
  const { keyId, version, sealedValue, status } = apiKeyVersions;
  const isKnown = sql`${keyId}::text || '/' || ${version} = any(${sql.param([...known])}::text[])`;
  return await db
    .select({
      keyId,
      version,
      sealedValue: sql<string | null>`case when ${isKnown} then null else ${sealedValue} end`,
    })
    .from(apiKeyVersions)
    .where(inArray(status, ['active', 'retiring']));
}
