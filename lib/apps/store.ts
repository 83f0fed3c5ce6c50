import { and, arrayOverlaps, asc, eq, gte, inArray, ne, or, sql } from 'drizzle-orm';
import { apis, apps, appVersions, deviceInstances, policyVersions } from '@/drizzle/schema';
import {
  type ApiSnapshot,
  type AppRegistration,
  type AppSnapshot,
  apiSnapshotSchema,
  appSnapshotSchema,
  type Policy,
  type RetentionDays,
} from '@/lib/contracts';
import { AppError } from '@/lib/core';
import type { Executor, Tx } from '@/lib/db';
import { loadPolicyStates, type StoredPolicyState } from './policy-state-store';

type AppRow = typeof apps.$inferSelect;
type ApiRow = typeof apis.$inferSelect;

/** A registered app as stored, with what its snapshot needs besides. */
export interface StoredApp {
  snapshot: AppSnapshot;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

/** Serialises registrations until the transaction ends: identities are compared across rows. */
export async function lockRegistry(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(7310520)`);
}

/** Id of another app with one of these identities: signer and package, or team, bundle id and environment. */
export async function findIdentityHolder(tx: Tx, app: AppRegistration): Promise<string | undefined> {
  const apple =
    app.appleTeamId !== null && app.appleBundleIds.length > 0 && app.appleEnvironments.length > 0
      ? and(
          eq(apps.appleTeamId, app.appleTeamId),
          arrayOverlaps(apps.appleBundleIds, app.appleBundleIds),
          arrayOverlaps(apps.appleEnvironments, app.appleEnvironments),
        )
      : undefined;
  const android =
    app.androidPackages.length > 0 && app.androidSignerDigests.length > 0
      ? and(
          arrayOverlaps(apps.androidPackages, app.androidPackages),
          arrayOverlaps(apps.androidSignerDigests, app.androidSignerDigests),
        )
      : undefined;
  if (!apple && !android) return undefined;
  const [holder] = await tx
    .select({ id: apps.id })
    .from(apps)
    .where(and(ne(apps.id, app.id), or(apple, android)))
    .limit(1);
  return holder?.id;
}

/** Inserts an app with its versions and its first policy; `false` where the id is taken. */
export async function insertApp(
  tx: Tx,
  app: AppRegistration,
  policy: { policy: Policy; reason: string; publishedBy: string },
  now: Date,
): Promise<boolean> {
  const { versions, policyTemplate: _, ...identity } = app;
  const made = await tx
    .insert(apps)
    .values({
      ...identity,
      onStale: 'strict',
      tellBlocked: false,
      policyVersion: 1,
      configVersion: 1,
      revision: 1,
      createdAt: now,
      updatedAt: now,
    })
    .onConflictDoNothing()
    .returning({ id: apps.id });
  if (made.length === 0) return false;
  await tx.insert(policyVersions).values({ appId: app.id, version: 1, ...policy, publishedAt: now });
  if (versions.length > 0) {
    await tx
      .insert(appVersions)
      .values(
        versions.map((one) => ({ ...one, appId: app.id, status: 'registered' as const, createdAt: now })),
      )
      .onConflictDoNothing();
  }
  return true;
}

/** Moves an app to a policy version, if it still stands where the editor saw it. */
export async function advancePolicyVersion(
  tx: Tx,
  appId: string,
  from: number,
  to: number,
  now: Date,
): Promise<boolean> {
  const rows = await tx
    .update(apps)
    .set({ policyVersion: to, revision: sql`${apps.revision} + 1`, updatedAt: now })
    .where(and(eq(apps.id, appId), eq(apps.policyVersion, from)))
    .returning({ id: apps.id });
  return rows.length === 1;
}

const RETENTION_COLUMNS = {
  eventDays: apps.retainEventDays,
  minuteDays: apps.retainMinuteDays,
  hourDays: apps.retainHourDays,
  addressDays: apps.retainAddressDays,
} as const;

/** What an app keeps unless somebody changes it, as its columns say. */
export const DEFAULT_RETENTION: RetentionDays = {
  eventDays: Number(RETENTION_COLUMNS.eventDays.default),
  minuteDays: Number(RETENTION_COLUMNS.minuteDays.default),
  hourDays: Number(RETENTION_COLUMNS.hourDays.default),
  addressDays: Number(RETENTION_COLUMNS.addressDays.default),
};

/** An app's retention, and the revision of the app that it is of. */
export interface StoredRetention {
  revision: number;
  days: RetentionDays;
}

/** The retention of an app; `undefined` where there is no such app. */
export async function findRetention(db: Executor, id: string): Promise<StoredRetention | undefined> {
  const [row] = await selectRetention(db, id);
  return row && storedRetention(row);
}

/** The same, and nobody else changes the app until the transaction ends. */
export async function lockRetention(tx: Tx, id: string): Promise<StoredRetention | undefined> {
  const [row] = await selectRetention(tx, id).for('no key update');
  return row && storedRetention(row);
}

function selectRetention(db: Executor, id: string) {
  return db
    .select({ revision: apps.revision, ...RETENTION_COLUMNS })
    .from(apps)
    .where(eq(apps.id, id));
}

function storedRetention({ revision, ...days }: RetentionDays & { revision: number }): StoredRetention {
  return { revision, days };
}

/** Sets the retention of an app. Returns its new revision. */
export async function updateRetention(tx: Tx, id: string, days: RetentionDays, now: Date): Promise<number> {
  const [row] = await tx
    .update(apps)
    .set({
      retainEventDays: days.eventDays,
      retainMinuteDays: days.minuteDays,
      retainHourDays: days.hourDays,
      retainAddressDays: days.addressDays,
      revision: sql`${apps.revision} + 1`,
      updatedAt: now,
    })
    .where(eq(apps.id, id))
    .returning({ revision: apps.revision });
  if (!row) throw new AppError('app_not_found');
  return row.revision;
}

/** The apps with these ids (`null`: all), by name. */
export async function loadApps(db: Executor, ids: readonly string[] | null): Promise<StoredApp[]> {
  const rows = await db
    .select({ app: apps, policy: policyVersions.policy })
    .from(apps)
    .innerJoin(
      policyVersions,
      and(eq(policyVersions.appId, apps.id), eq(policyVersions.version, apps.policyVersion)),
    )
    .where(ids === null ? undefined : inArray(apps.id, [...ids]))
    .orderBy(asc(apps.name), asc(apps.id));
  const found = rows.map((row) => row.app.id);
  const versions =
    found.length === 0
      ? []
      : await db
          .select()
          .from(appVersions)
          .where(inArray(appVersions.appId, found))
          .orderBy(asc(appVersions.platform), asc(appVersions.version));
  const states = await loadPolicyStates(db, ids);
  return rows.map(({ app, policy }) => ({
    snapshot: toSnapshot(
      { ...app, ...states.of(app.id) },
      policy,
      versions.filter((version) => version.appId === app.id),
    ),
    revision: app.revision,
    createdAt: app.createdAt,
    updatedAt: app.updatedAt,
  }));
}

/** The row's text columns hold what the schema let in, which parsing proves to the compiler and to us. */
function toSnapshot(
  app: AppRow & StoredPolicyState,
  policy: unknown,
  versions: (typeof appVersions.$inferSelect)[],
): AppSnapshot {
  return appSnapshotSchema.parse({ ...app, policy, versions });
}

/** Devices of each app that were seen since. */
export async function countDevicesSince(
  db: Executor,
  appIds: readonly string[],
  since: Date,
): Promise<ReadonlyMap<string, number>> {
  if (appIds.length === 0) return new Map();
  const rows = await db
    .select({ appId: deviceInstances.appId, count: sql<number>`count(*)::int` })
    .from(deviceInstances)
    .where(and(inArray(deviceInstances.appId, [...appIds]), gte(deviceInstances.listedAt, since)))
    .groupBy(deviceInstances.appId);
  return new Map(rows.map((row) => [row.appId, row.count]));
}

/** Protected APIs that accept one of these apps (`null`: all), by name. */
export async function loadApis(db: Executor, appIds: readonly string[] | null): Promise<ApiSnapshot[]> {
  const rows = await db
    .select()
    .from(apis)
    .where(appIds === null ? undefined : arrayOverlaps(apis.appIds, [...appIds]))
    .orderBy(asc(apis.name), asc(apis.id));
  return rows.map((row: ApiRow) => apiSnapshotSchema.parse(row));
}

/** Inserts a protected API; `false` where the id is taken. */
export async function insertApi(tx: Tx, api: ApiSnapshot, now: Date): Promise<boolean> {
  const made = await tx
    .insert(apis)
    .values({ ...api, revision: 1, createdAt: now, updatedAt: now })
    .onConflictDoNothing()
    .returning({ id: apis.id });
  return made.length === 1;
}

/** Which of these ids are registered apps. */
export async function knownApps(db: Executor, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db
    .select({ id: apps.id })
    .from(apps)
    .where(inArray(apps.id, [...ids]));
  return new Set(rows.map((row) => row.id));
}
