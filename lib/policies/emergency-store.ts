import { and, eq, gte, sql } from 'drizzle-orm';
import { apps, attestationRollupHours, deviceInstances } from '@/drizzle/schema';
import { type MinimumVersions, minimumVersionsSchema } from '@/lib/contracts';
import type { Executor, Tx } from '@/lib/db';

/** Minimum versions of an app, with the revision of the app that they are of. */
export async function findMinimumVersions(
  db: Executor,
  appId: string,
): Promise<{ minimumVersions: MinimumVersions; revision: number } | undefined> {
  const [row] = await db
    .select({ minimumVersions: apps.minimumVersions, revision: apps.revision })
    .from(apps)
    .where(eq(apps.id, appId));
  return row && { ...row, minimumVersions: minimumVersionsSchema.parse(row.minimumVersions) };
}

/** Sets the minimum versions of an app that still has this revision; `false` where somebody was first. */
export async function updateMinimumVersions(
  tx: Tx,
  appId: string,
  revision: number,
  minimumVersions: MinimumVersions,
  now: Date,
): Promise<boolean> {
  const rows = await tx
    .update(apps)
    .set({ minimumVersions, revision: sql`${apps.revision} + 1`, updatedAt: now })
    .where(and(eq(apps.id, appId), eq(apps.revision, revision)))
    .returning({ id: apps.id });
  return rows.length === 1;
}

/** How much of something there was of one app version. */
export interface VersionCount {
  platform: string;
  version: string;
  count: number;
}

/** Attestations of an app since an hour, by platform and app version. */
export async function countAttestationsByVersion(
  db: Executor,
  appId: string,
  since: Date,
): Promise<VersionCount[]> {
  const { platform, appVersion, events, bucket } = attestationRollupHours;
  return await db
    .select({ platform, version: appVersion, count: sql<number>`sum(${events})::float8` })
    .from(attestationRollupHours)
    .where(and(eq(attestationRollupHours.appId, appId), gte(bucket, since)))
    .groupBy(platform, appVersion);
}

/** Devices of an app that were seen since, by platform and app version. */
export async function countDevicesByVersion(
  db: Executor,
  appId: string,
  since: Date,
): Promise<VersionCount[]> {
  const { platform, appVersion, listedAt } = deviceInstances;
  return await db
    .select({ platform, version: appVersion, count: sql<number>`count(*)::int` })
    .from(deviceInstances)
    .where(and(eq(deviceInstances.appId, appId), gte(listedAt, since)))
    .groupBy(platform, appVersion);
}
