import { and, eq, gte, inArray, sql } from 'drizzle-orm';
import { appIntegrity, apps, counterRollupMinutes, integrityUsage, vaultKeys } from '@/drizzle/schema';
import type { IntegrityRequest } from '@/lib/contracts';
import type { SealingPublicJwk } from '@/lib/crypto';
import type { Database, Executor, Tx } from '@/lib/db';
import type { SealedIntegrity } from './secrets';

/** How an app's verdicts are read, as the console may know it. */
export interface StoredSettings {
  readonly revision: number;
  readonly request: IntegrityRequest | null;
  readonly keysSetAt: Date | null;
  readonly accountSetAt: Date | null;
  readonly accountEmail: string | null;
  readonly dailyQuota: number | null;
  readonly updatedAt: Date | null;
  readonly updatedByName: string | null;
}

const SETTINGS = {
  revision: apps.revision,
  request: apps.integrityRequest,
  keysSetAt: appIntegrity.keysSetAt,
  accountSetAt: appIntegrity.accountSetAt,
  accountEmail: appIntegrity.accountEmail,
  dailyQuota: appIntegrity.dailyQuota,
  updatedAt: appIntegrity.updatedAt,
  updatedByName: appIntegrity.updatedByName,
} as const;

/** The settings of an app; `undefined` where there is no such app. */
export async function findSettings(db: Executor, appId: string): Promise<StoredSettings | undefined> {
  const [row] = await db
    .select(SETTINGS)
    .from(apps)
    .leftJoin(appIntegrity, eq(appIntegrity.appId, apps.id))
    .where(eq(apps.id, appId));
  return row;
}

/** Nobody else changes the app until the transaction ends. */
export async function lockApp(tx: Tx, appId: string): Promise<void> {
  await tx.select({ id: apps.id }).from(apps).where(eq(apps.id, appId)).for('no key update');
}

/** What is written of a change; secrets that are absent stay as they are. */
export interface WrittenSettings {
  readonly request: IntegrityRequest | null;
  readonly sealedKeys?: string;
  readonly account?: { readonly sealed: string; readonly email: string };
  readonly dailyQuota: number;
  readonly byName: string;
  readonly now: Date;
}

/** Writes an app's settings, and counts the change in the app's own row. */
export async function writeSettings(tx: Tx, appId: string, written: WrittenSettings): Promise<void> {
  const { dailyQuota, now, byName } = written;
  const about = { dailyQuota, updatedAt: now, updatedByName: byName };
  await tx
    .insert(appIntegrity)
    .values({ appId, ...about })
    .onConflictDoNothing();
  await tx
    .update(appIntegrity)
    .set({
      ...about,
      ...(written.sealedKeys === undefined ? {} : { sealedKeys: written.sealedKeys, keysSetAt: now }),
      ...(written.account === undefined
        ? {}
        : {
            sealedAccount: written.account.sealed,
            accountEmail: written.account.email,
            accountSetAt: now,
          }),
    })
    .where(eq(appIntegrity.appId, appId));
  await tx
    .update(apps)
    .set({
      integrityRequest: written.request,
      integrityRevision: sql`${apps.integrityRevision} + 1`,
      revision: sql`${apps.revision} + 1`,
      updatedAt: now,
    })
    .where(eq(apps.id, appId));
}

/** Public half of the service's vault key, once the service has started. */
export async function selectVaultPublicKey(db: Executor): Promise<SealingPublicJwk | undefined> {
  const [row] = await db
    .select({ publicJwk: vaultKeys.publicJwk })
    .from(vaultKeys)
    .where(eq(vaultKeys.id, 'default'));
  // Only the service writes this table, and it writes what it made.
  return row && (row.publicJwk as SealingPublicJwk);
}

/** Sealed secrets of these apps. For the service's role only: the console may not read them. */
export async function selectSealed(db: Executor, appIds: readonly string[]): Promise<SealedIntegrity[]> {
  if (appIds.length === 0) return [];
  const { appId, sealedKeys, sealedAccount, dailyQuota } = appIntegrity;
  return await db
    .select({ appId, sealedKeys, sealedAccount, dailyQuota })
    .from(appIntegrity)
    .where(inArray(appIntegrity.appId, [...appIds]));
}

/** The day that Google counts now. */
const QUOTA_DAY = sql<string>`((clock_timestamp() at time zone 'America/Los_Angeles')::date)::text`;

/** What an app used of its quota today. */
export async function selectUsage(
  db: Executor,
  appId: string,
): Promise<{ day: string; calls: number; exhausted: number }> {
  const [today] = await db.execute<{ day: string }>(sql`select ${QUOTA_DAY} as day`);
  const day = today?.day ?? '';
  const [row] = await db
    .select({ calls: integrityUsage.calls, exhausted: integrityUsage.exhausted })
    .from(integrityUsage)
    .where(and(eq(integrityUsage.appId, appId), eq(integrityUsage.day, day)));
  return { day, calls: row?.calls ?? 0, exhausted: row?.exhausted ?? 0 };
}

/** What apps with standard requests used of their quotas today. */
export async function selectQuotas(db: Executor, appScope: readonly string[] | null) {
  return await db
    .select({
      appId: apps.id,
      appName: apps.name,
      day: QUOTA_DAY,
      calls: sql<number>`coalesce(${integrityUsage.calls}, 0)`,
      dailyQuota: appIntegrity.dailyQuota,
      exhausted: sql<number>`coalesce(${integrityUsage.exhausted}, 0)`,
    })
    .from(apps)
    .innerJoin(appIntegrity, eq(appIntegrity.appId, apps.id))
    .leftJoin(
      integrityUsage,
      and(eq(integrityUsage.appId, apps.id), eq(sql`${integrityUsage.day}::text`, QUOTA_DAY)),
    )
    .where(
      and(
        eq(apps.integrityRequest, 'standard'),
        appScope === null ? undefined : inArray(apps.id, [...appScope]),
      ),
    )
    .orderBy(apps.name);
}

/**
 * Takes one call of an app's quota of today, unless it is used up; on all nodes together, because one row counts. Says
 * whether it was taken. Calls are counted before they are made: a crash in between counts one too many, never too few.
 */
export async function takeCall(
  { sql: query }: Database,
  appId: string,
  dailyQuota: number,
): Promise<boolean> {
  const taken = await query`
    insert into integrity_usage as u (app_id, day, calls, exhausted)
    values (${appId}, (clock_timestamp() at time zone 'America/Los_Angeles')::date, 1, 0)
    on conflict (app_id, day) do update set calls = u.calls + 1 where u.calls < ${dailyQuota}
    returning 1`;
  if (taken.length > 0) return true;
  await query`
    update integrity_usage set exhausted = exhausted + 1
    where app_id = ${appId} and day = (clock_timestamp() at time zone 'America/Los_Angeles')::date`;
  return false;
}

/** Runtime signals under unknown names since. */
export async function countUnknownSignals(db: Executor, appId: string, since: Date): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`coalesce(sum(${counterRollupMinutes.events}), 0)::int` })
    .from(counterRollupMinutes)
    .where(
      and(
        eq(counterRollupMinutes.appId, appId),
        eq(counterRollupMinutes.name, 'signal_unknown'),
        gte(counterRollupMinutes.bucket, since),
      ),
    );
  return row?.count ?? 0;
}
