import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { apps, pinSetVersions, protectedOrigins } from '@/drizzle/schema';
import { type DeliveredConfig, deliveredConfigSchema, pinSchema } from '@/lib/contracts';
import type { OriginId } from '@/lib/core';
import type { Executor, Tx } from '@/lib/db';

export type OriginRow = typeof protectedOrigins.$inferSelect;

/**
 * Locks an app until the transaction ends, so that its configuration has one writer at a time, and returns the version of
 * it; `undefined` where there is no such app.
 */
export async function lockApp(tx: Tx, appId: string): Promise<number | undefined> {
  const [row] = await tx
    .select({ version: apps.configVersion })
    .from(apps)
    .where(eq(apps.id, appId))
    .for('no key update');
  return row?.version;
}

/** Inserts an origin; `false` where the app protects the host already. */
export async function insertOrigin(tx: Tx, row: OriginRow): Promise<boolean> {
  const made = await tx
    .insert(protectedOrigins)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: protectedOrigins.id });
  return made.length === 1;
}

export async function countOrigins(tx: Tx, appId: string): Promise<number> {
  return await tx.$count(protectedOrigins, eq(protectedOrigins.appId, appId));
}

export async function findOrigin(db: Executor, id: OriginId): Promise<OriginRow | undefined> {
  const [row] = await db.select().from(protectedOrigins).where(eq(protectedOrigins.id, id));
  return row;
}

/** An origin with its app's name. */
export type NamedOrigin = OriginRow & { appName: string };

/** The origins of these apps (`null`: all), by app and host. */
export async function listOriginRows(
  db: Executor,
  where: { appIds?: readonly string[] | null; id?: OriginId },
): Promise<NamedOrigin[]> {
  const rows = await db
    .select({ origin: protectedOrigins, appName: apps.name })
    .from(protectedOrigins)
    .innerJoin(apps, eq(apps.id, protectedOrigins.appId))
    .where(
      and(
        where.appIds ? inArray(protectedOrigins.appId, [...where.appIds]) : undefined,
        where.id === undefined ? undefined : eq(protectedOrigins.id, where.id),
      ),
    )
    .orderBy(asc(apps.name), asc(protectedOrigins.host));
  return rows.map(({ origin, appName }) => ({ ...origin, appName }));
}

/** Deletes an origin with its probes and rotations. Its published pin sets stay as history. */
export async function deleteOrigin(tx: Tx, id: OriginId): Promise<boolean> {
  const gone = await tx
    .delete(protectedOrigins)
    .where(eq(protectedOrigins.id, id))
    .returning({ id: protectedOrigins.id });
  return gone.length === 1;
}

/** Has an origin probed as soon as the service sees it. */
export async function askForProbe(
  db: Executor,
  id: OriginId,
  by: { name: string; at: Date } | null,
): Promise<boolean> {
  const rows = await db
    .update(protectedOrigins)
    .set({
      // The service goes by the database's clock, which is the one that counts.
      probeDueAt: sql`clock_timestamp()`,
      ...(by === null ? {} : { probeRequestedAt: by.at, probeRequestedByName: by.name }),
    })
    .where(eq(protectedOrigins.id, id))
    .returning({ id: protectedOrigins.id });
  return rows.length === 1;
}

/** Notes which published set of an origin is in force. */
export async function setPinVersion(tx: Tx, id: OriginId, version: number): Promise<void> {
  await tx.update(protectedOrigins).set({ pinVersion: version }).where(eq(protectedOrigins.id, id));
}

/** Stores what devices of an app are told from now on, made of its origins and their sets, as `version`. */
export async function storeConfig(tx: Tx, appId: string, version: number, now: Date): Promise<void> {
  const rows = await tx
    .select({ origin: protectedOrigins, pins: pinSetVersions.pins, reportOnly: pinSetVersions.reportOnly })
    .from(protectedOrigins)
    .leftJoin(
      pinSetVersions,
      and(
        eq(pinSetVersions.appId, protectedOrigins.appId),
        eq(pinSetVersions.version, protectedOrigins.pinVersion),
      ),
    )
    .where(eq(protectedOrigins.appId, appId))
    .orderBy(asc(protectedOrigins.host));
  const config: DeliveredConfig = deliveredConfigSchema.parse({
    protectedOrigins: rows.map(({ origin }) => originUrl(origin)),
    pins: rows.flatMap(({ origin, pins, reportOnly }) => {
      const spkiSha256 = pinSchema
        .array()
        .parse(pins ?? [])
        .map((pin) => pin.spkiSha256);
      return spkiSha256.length === 0
        ? []
        : [
            {
              host: origin.host,
              includeSubdomains: origin.includeSubdomains,
              reportOnly: reportOnly === true,
              spkiSha256,
            },
          ];
    }),
  });
  await tx
    .update(apps)
    .set({ config, configVersion: version, revision: sql`${apps.revision} + 1`, updatedAt: now })
    .where(eq(apps.id, appId));
}

/** Gives what an app is told another version, and leaves what it is told. */
export async function raiseConfigVersion(tx: Tx, appId: string, version: number): Promise<void> {
  await tx
    .update(apps)
    .set({
      configVersion: version,
      revision: sql`${apps.revision} + 1`,
      updatedAt: sql`clock_timestamp()`,
    })
    .where(eq(apps.id, appId));
}

/** `https://host`, with the port where it is not the usual one. */
function originUrl({ host, port }: Pick<OriginRow, 'host' | 'port'>): string {
  return port === 443 ? `https://${host}` : `https://${host}:${port}`;
}
