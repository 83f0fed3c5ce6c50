import { and, eq, sql } from 'drizzle-orm';
import { appAttestKeys, appAttestReceipts, apps, deviceInstances } from '@/drizzle/schema';
import type { Database, Executor, Tx } from '@/lib/db';

/** For how long a process that has taken a receipt may take for it; another one takes it over afterwards. */
const LEASE_SECONDS = 300;

/** A receipt that is to be renewed. */
export interface DueReceipt {
  readonly instanceId: string;
  readonly appId: string;
  readonly receipt: Buffer;
  readonly attempts: number;
  /** SubjectPublicKeyInfo of the attested key. */
  readonly publicKey: Buffer;
  readonly environment: 'production' | 'development';
  /** `TEAMID.bundle.id` that was attested. */
  readonly appleAppId: string;
}

/** Devices that have not been seen for as long are asked about no more, until they come back. */
const SEEN_WITHIN_DAYS = 30;

/**
 * Takes receipts of one app that are due, the longest due first; of several processes each takes others. Those of devices
 * that have not been seen for a month are put off, so that nobody is asked about them.
 */
export async function takeDueReceipts(
  { sql: query }: Database,
  appId: string,
  limit: number,
): Promise<DueReceipt[]> {
  return await query<DueReceipt[]>`
    with due as (
      select instance_id from app_attest_receipts
      where app_id = ${appId} and due_at <= clock_timestamp() order by due_at limit ${limit} for update skip locked
    ), taken as (
      update app_attest_receipts r
      set due_at = clock_timestamp() + case
        when d.last_seen_at < clock_timestamp() - ${SEEN_WITHIN_DAYS} * interval '1 day' then interval '1 day'
        else ${LEASE_SECONDS} * interval '1 second' end
      from due join device_instances d on d.id = due.instance_id
      where r.instance_id = due.instance_id
      returning r.instance_id, r.app_id, r.receipt, r.attempts, d.public_key, d.claims, d.last_seen_at
    )
    select instance_id as "instanceId", app_id as "appId", receipt, attempts, public_key as "publicKey",
      claims ->> 'environment' as environment, claims #>> '{app,id}' as "appleAppId"
    from taken where last_seen_at >= clock_timestamp() - ${SEEN_WITHIN_DAYS} * interval '1 day'`;
}

/** An answer of Apple's, verified. */
export interface RenewedReceipt {
  readonly instanceId: string;
  readonly receipt: Buffer;
  readonly attestedKeys: number | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly dueAt: Date;
}

/**
 * Files a renewed receipt, and what it says among the device's claims, by which its next attestation is judged. A device
 * that was erased meanwhile stays so.
 */
export async function fileRenewal(tx: Tx, renewed: RenewedReceipt): Promise<boolean> {
  const { instanceId, ...rest } = renewed;
  const filed = await tx
    .update(appAttestReceipts)
    .set({ ...rest, type: 'renewal', attempts: 0, lastError: null })
    .where(eq(appAttestReceipts.instanceId, instanceId))
    .returning({ id: appAttestReceipts.instanceId });
  if (filed.length === 0) return false;
  if (renewed.attestedKeys !== null) {
    await tx
      .update(deviceInstances)
      .set({
        claims: sql`${deviceInstances.claims} || jsonb_build_object('attestedKeys', ${renewed.attestedKeys}::int)`,
      })
      .where(eq(deviceInstances.id, instanceId));
  }
  return true;
}

/** Puts a receipt off; `null` for ever. Attempts start over where nothing was wrong with it. */
export async function putOff(
  db: Executor,
  instanceId: string,
  { inSeconds, error }: { inSeconds: number | null; error: string | null },
): Promise<void> {
  await db
    .update(appAttestReceipts)
    .set({
      dueAt: inSeconds === null ? null : sql`clock_timestamp() + ${inSeconds} * interval '1 second'`,
      attempts: error === null ? 0 : sql`${appAttestReceipts.attempts} + 1`,
      lastError: error,
    })
    .where(eq(appAttestReceipts.instanceId, instanceId));
}

/** A team's key with which Apple may be asked, and whose receipts those are. */
export interface UsableKey {
  readonly appId: string;
  readonly keyId: string;
  readonly sealedKey: string;
  readonly attempts: number;
  readonly teamId: string | null;
  readonly appEnvironment: 'production' | 'development';
  readonly trustAnchors: { name: string; certificatePem: string }[];
}

/** Every key that is not paused. */
export async function selectUsableKeys(db: Executor): Promise<UsableKey[]> {
  return await db
    .select({
      appId: appAttestKeys.appId,
      keyId: appAttestKeys.keyId,
      sealedKey: appAttestKeys.sealedKey,
      attempts: appAttestKeys.attempts,
      teamId: apps.appleTeamId,
      appEnvironment: apps.environment,
      trustAnchors: apps.trustAnchors,
    })
    .from(appAttestKeys)
    .innerJoin(apps, eq(apps.id, appAttestKeys.appId))
    .where(sql`coalesce(${appAttestKeys.pausedUntil}, 'epoch') <= clock_timestamp()`)
    .orderBy(appAttestKeys.appId);
}

/** What one round with a key came to. */
export interface RoundResult {
  readonly renewed: number;
  readonly refused: number;
  /** What speaks against asking on, and for how long. */
  readonly pause: { readonly error: string; readonly seconds: number } | null;
}

/** Counts a round. Nothing is written for a key that was exchanged meanwhile. */
export async function fileRound(
  db: Executor,
  { appId, keyId }: Pick<UsableKey, 'appId' | 'keyId'>,
  { renewed, refused, pause }: RoundResult,
): Promise<void> {
  await db
    .update(appAttestKeys)
    .set({
      renewed: sql`${appAttestKeys.renewed} + ${renewed}`,
      refused: sql`${appAttestKeys.refused} + ${refused}`,
      ...(renewed > 0 ? { lastRenewedAt: sql`clock_timestamp()` } : {}),
      attempts: pause === null ? 0 : sql`${appAttestKeys.attempts} + 1`,
      lastError: pause?.error ?? null,
      pausedUntil: pause === null ? null : sql`clock_timestamp() + ${pause.seconds} * interval '1 second'`,
    })
    .where(and(eq(appAttestKeys.appId, appId), eq(appAttestKeys.keyId, keyId)));
}

/** The database's clock, in milliseconds. */
export async function databaseNowMs({ sql: query }: Database): Promise<number> {
  const [row] = await query<{ now: number }[]>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`;
  return row?.now ?? Number.NaN;
}
