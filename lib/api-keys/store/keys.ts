import { and, arrayOverlaps, asc, eq, inArray, ne, sql } from 'drizzle-orm';
import { apiKeys, apis, apps, vaultKeys } from '@/drizzle/schema';
import type { SealingPublicJwk } from '@/lib/crypto';
import type { Executor, Tx } from '@/lib/db';

/** A key without its secrets. */
export type KeyRow = Omit<typeof apiKeys.$inferSelect, 'sealedHookSecret'>;

const KEYS_LOCK = 7_310_530;
const VAULT_KEY_ID = 'default';

/** What of a key the console may read. */
export const KEY_COLUMNS = {
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

/** Name of another managed key of the app that one of these APIs checks already. */
export async function managedKeyOf(
  db: Executor,
  { id, appId, apiIds }: Pick<KeyRow, 'id' | 'appId' | 'apiIds'>,
): Promise<string | undefined> {
  if (apiIds.length === 0) return undefined;
  const [row] = await db
    .select({ name: apiKeys.name })
    .from(apiKeys)
    .where(and(eq(apiKeys.appId, appId), ne(apiKeys.id, id), arrayOverlaps(apiKeys.apiIds, [...apiIds])))
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

/** Stores what an edit changed, and counts it. */
export async function updateKey(
  tx: Tx,
  id: string,
  set: Partial<Pick<typeof apiKeys.$inferInsert, 'apiIds' | 'hookUrl' | 'sealedHookSecret'>>,
): Promise<void> {
  await tx
    .update(apiKeys)
    .set({ ...set, revision: sql`${apiKeys.revision} + 1` })
    .where(eq(apiKeys.id, id));
}
