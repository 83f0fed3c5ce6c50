import { count, eq, inArray, sql } from 'drizzle-orm';
import { appAttestKeys, appAttestReceipts, apps, vaultKeys } from '@/drizzle/schema';
import type { SealingPublicJwk } from '@/lib/crypto';
import type { Executor, Tx } from '@/lib/db';

/** The public key that secrets are sealed to; `undefined` before the service has first started. */
export async function selectVaultKey(db: Executor): Promise<SealingPublicJwk | undefined> {
  const [row] = await db
    .select({ publicJwk: vaultKeys.publicJwk })
    .from(vaultKeys)
    .where(eq(vaultKeys.id, 'default'));
  return row?.publicJwk as SealingPublicJwk | undefined;
}

/** The Apple team of an app; `undefined` where there is no such app. */
export async function selectTeam(
  db: Executor,
  appId: string,
): Promise<{ teamId: string | null } | undefined> {
  const [row] = await db.select({ teamId: apps.appleTeamId }).from(apps).where(eq(apps.id, appId));
  return row;
}

/** Stores a team's key in the place of any other. */
export async function replaceKey(
  tx: Tx,
  key: { appId: string; keyId: string; sealedKey: string; createdAt: Date; createdByName: string },
): Promise<void> {
  await deleteKey(tx, key.appId);
  await tx.insert(appAttestKeys).values(key);
}

/** Removes a team's key; tells whether there was one. */
export async function deleteKey(tx: Tx, appId: string): Promise<boolean> {
  const gone = await tx
    .delete(appAttestKeys)
    .where(eq(appAttestKeys.appId, appId))
    .returning({ appId: appAttestKeys.appId });
  return gone.length > 0;
}

/** What the console may know of keys: everything but what is sealed. */
export async function selectKeys(db: Executor, appScope: readonly string[] | null) {
  const shown = {
    appId: appAttestKeys.appId,
    keyId: appAttestKeys.keyId,
    createdAt: appAttestKeys.createdAt,
    createdByName: appAttestKeys.createdByName,
    renewed: appAttestKeys.renewed,
    refused: appAttestKeys.refused,
    lastRenewedAt: appAttestKeys.lastRenewedAt,
    lastError: appAttestKeys.lastError,
    pausedUntil: appAttestKeys.pausedUntil,
  };
  return await db
    .select(shown)
    .from(appAttestKeys)
    .where(appScope === null ? undefined : inArray(appAttestKeys.appId, [...appScope]));
}

/** Apps with what of them concerns endorsements. */
export async function selectConcernedApps(db: Executor, appScope: readonly string[] | null) {
  return await db
    .select({
      id: apps.id,
      name: apps.name,
      environment: apps.environment,
      teamId: apps.appleTeamId,
      hasApple: sql<boolean>`cardinality(${apps.appleBundleIds}) > 0`,
      hasAndroid: sql<boolean>`cardinality(${apps.androidPackages}) > 0`,
      trustAnchors: apps.trustAnchors,
    })
    .from(apps)
    .where(appScope === null ? undefined : inArray(apps.id, [...appScope]))
    .orderBy(apps.name);
}

/** How many receipts of an app are due now, counted up to a limit. */
export async function countDue(db: Executor, appId: string, most: number): Promise<number> {
  const due = db
    .select({ one: sql`1` })
    .from(appAttestReceipts)
    .where(sql`${appAttestReceipts.appId} = ${appId} and ${appAttestReceipts.dueAt} <= clock_timestamp()`)
    .limit(most)
    .as('due');
  const [row] = await db.select({ due: count() }).from(due);
  return row?.due ?? 0;
}
