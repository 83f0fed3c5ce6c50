import { and, asc, eq, inArray, ne, type SQL, sql } from 'drizzle-orm';
import { apps, blocks, deviceInstances } from '@/drizzle/schema';
import { type DeviceErased, type DeviceRow, platformSchema, verdictSchema } from '@/lib/contracts';
import type { Executor, Tx } from '@/lib/db';

/** Which devices are listed; an empty list lets everything through. `match` narrows by what was typed into the search. */
export interface DeviceScope {
  apps: readonly string[] | null;
  verdicts: readonly string[];
  platforms: readonly string[];
  /** An unknown country is the empty string. */
  countries: readonly string[];
  osVersions: readonly string[];
  appVersions: readonly string[];
  blocked: boolean | undefined;
  match: DeviceMatch | undefined;
}

/** What a search text can mean. Bounds of an id are inclusive. */
export type DeviceMatch =
  | { kind: 'id'; id: string }
  | { kind: 'id_range'; from: string; to: string; text: string }
  | { kind: 'text'; text: string };

/** Position in the list: the place of the last row that was shown, in Postgres' spelling, and its id. */
export interface DevicePosition {
  at: string;
  id: string;
}

export type ListedDevice = DevicePosition & { row: DeviceRow };

export type StoredDevice = typeof deviceInstances.$inferSelect;

/** An unknown country is the empty string. */
export const COUNTRY = sql<string>`coalesce(${deviceInstances.country}, '')`;
/** As the indexes are spelled: Postgres would not use them for its own default, `nulls first`. */
export const PLACE = sql`${deviceInstances.listedAt} desc nulls last, ${deviceInstances.id}`;
export const AT_TEXT = sql<string>`${deviceInstances.listedAt}::text`;

const COLUMNS = {
  at: AT_TEXT,
  id: deviceInstances.id,
  appId: deviceInstances.appId,
  appName: sql<string>`coalesce(${apps.name}, ${deviceInstances.appId})`,
  platform: deviceInstances.platform,
  format: deviceInstances.format,
  verdict: deviceInstances.verdict,
  model: deviceInstances.model,
  osVersion: deviceInstances.osVersion,
  appVersion: deviceInstances.appVersion,
  country: deviceInstances.country,
  networkPrefix: deviceInstances.networkPrefix,
  firstSeenAt: deviceInstances.firstSeenAt,
  lastSeenAt: deviceInstances.lastSeenAt,
} as const;

export async function findDeviceRow(db: Executor, id: string, now: Date): Promise<DeviceRow | undefined> {
  const [found] = await selectDevices(db, eq(deviceInstances.id, id), 1, now);
  return found?.row;
}

/** Everything stored of one device. */
export async function findDevice(db: Executor, id: string): Promise<StoredDevice | undefined> {
  const [row] = await db.select().from(deviceInstances).where(eq(deviceInstances.id, id));
  return row;
}

/** Erases one device, within two minutes; `undefined` where it is gone, also for the second of two in a race. */
export async function deleteDevice(tx: Tx, id: string): Promise<DeviceErased['erased'] | undefined> {
  // A device under attack may have left millions of rows.
  await tx.execute(sql`set local statement_timeout = '120s'`);
  const [row] = await tx.execute<{
    attestations: number | null;
    requests: number | null;
    days: number | null;
  }>(sql`select attestations, requests, days from countersign_erase_device(${id}::uuid)`);
  if (!row || row.attestations === null || row.requests === null || row.days === null) return undefined;
  return { attestations: row.attestations, requests: row.requests, days: row.days };
}

/** Other devices that were last seen on the same network prefix, newest first. */
export async function listDevicesOnNetwork(
  db: Executor,
  networkPrefix: string,
  except: string,
  appScope: readonly string[] | null,
  limit: number,
  now: Date,
): Promise<DeviceRow[]> {
  const found = await selectDevices(
    db,
    and(
      eq(deviceInstances.networkPrefix, networkPrefix),
      ne(deviceInstances.id, except),
      appScope === null ? undefined : inArray(deviceInstances.appId, [...appScope]),
    ),
    limit,
    now,
  );
  return found.map((device) => device.row);
}

/** The devices that a condition lets through, last seen first as far as their places are up to date. */
export async function selectDevices(
  db: Executor,
  condition: SQL | undefined,
  limit: number,
  now: Date,
): Promise<ListedDevice[]> {
  const rows = await db
    .select({ ...COLUMNS, blocked: sql<boolean>`${isBlockedAt(now)}` })
    .from(deviceInstances)
    .leftJoin(apps, eq(apps.id, deviceInstances.appId))
    .where(condition)
    .orderBy(PLACE)
    .limit(limit);
  return rows.map(({ at, ...row }) => ({
    at,
    id: row.id,
    row: {
      ...row,
      platform: platformSchema.parse(row.platform),
      verdict: verdictSchema.parse(row.verdict),
      firstSeenAt: row.firstSeenAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
    },
  }));
}

/** Time falls while the id rises, so that the pair cannot be compared as one; the first condition bounds the index. */
export function comesAfter({ at, id }: DevicePosition): SQL {
  const { listedAt, id: idColumn } = deviceInstances;
  return sql`${listedAt} <= ${at}::timestamptz
    and (${listedAt} < ${at}::timestamptz or ${idColumn} > ${id}::uuid)`;
}

export function scopeConditions(scope: DeviceScope, now: Date): (SQL | undefined)[] {
  const { apps: wanted, platforms, blocked, match } = scope;
  const isOneOf = (column: Parameters<typeof inArray>[0], values: readonly string[]) =>
    values.length === 0 ? undefined : inArray(column, [...values]);
  return [
    wanted === null ? undefined : inArray(deviceInstances.appId, [...wanted]),
    isOneOf(deviceInstances.verdict, scope.verdicts),
    isOneOf(
      deviceInstances.platform,
      platforms.map((platform) => platformSchema.parse(platform)),
    ),
    isOneOf(COUNTRY, scope.countries),
    isOneOf(deviceInstances.osVersion, scope.osVersions),
    isOneOf(deviceInstances.appVersion, scope.appVersions),
    blocked === undefined ? undefined : sql`${isBlockedAt(now)} = ${blocked}`,
    match && matchCondition(match),
  ];
}

function matchCondition(match: DeviceMatch): SQL | undefined {
  if (match.kind === 'id') return eq(deviceInstances.id, match.id);
  // `%` and `_` in what was typed mean themselves.
  const contained = `%${match.text.replace(/[\\%_]/g, '\\$&')}%`;
  const text = sql`(${deviceInstances.model} ilike ${contained} or ${deviceInstances.networkPrefix} ilike ${contained})`;
  return match.kind === 'text'
    ? text
    : sql`(${deviceInstances.id} between ${match.from}::uuid and ${match.to}::uuid or ${text})`;
}

export function isBlockedAt(now: Date): SQL {
  return sql`exists (select 1 from ${blocks} where ${isActiveBlock(now)}
    and ${blocks.target} = ${deviceInstances.id}::text)`;
}

export function isActiveBlock(now: Date): SQL {
  return sql`${blocks.scope} = 'instance' and ${blocks.effect} = 'refuse' and ${blocks.liftedAt} is null
    and (${blocks.expiresAt} is null or ${blocks.expiresAt} > ${now.toISOString()}::timestamptz)`;
}

/** Ids of the devices of a scope, no more than `most`. */
export async function listDeviceIds(
  db: Executor,
  scope: DeviceScope,
  most: number,
  now: Date,
): Promise<{ instanceId: string; appId: string }[]> {
  return db
    .select({ instanceId: deviceInstances.id, appId: deviceInstances.appId })
    .from(deviceInstances)
    .where(and(...scopeConditions(scope, now)))
    .orderBy(asc(deviceInstances.id))
    .limit(most);
}

/** Sets the enrolment of a device aside, by the database's clock; `false` where there is no such device. */
export async function setAside(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx
    .update(deviceInstances)
    .set({ reenrolAskedAt: sql`clock_timestamp()` })
    .where(eq(deviceInstances.id, id))
    .returning({ id: deviceInstances.id });
  return rows.length === 1;
}
