import { and, desc, eq, gte, inArray, sql } from 'drizzle-orm';
import { pinFailures } from '@/drizzle/schema';
import type { ChainCertificate, PinFailureKind } from '@/lib/contracts';
import type { Database, Executor } from '@/lib/db';

/** Different failures of one device that are kept of one day, and of all devices of one app. */
const MOST_OF_DEVICE = 16;
const MOST_OF_APP = 20_000;
/** Failures are kept for so many days, or for as long as the app keeps addresses, whichever ends first. */
const KEPT_DAYS = 30;

/** What a device reported, judged, with the network that it came from. */
export interface ReportedFailure {
  instanceId: string;
  appId: string;
  host: string;
  kind: PinFailureKind;
  leaf: ChainCertificate;
  network: { prefix: string; kind: string; asn: number | null; country: string | null };
}

/** Files a failure, or counts it where the same is known. What goes over the bounds of a day is dropped: `false`. */
export async function fileFailure({ sql: query }: Database, failure: ReportedFailure): Promise<boolean> {
  const { instanceId, appId, host, kind, leaf, network } = failure;
  const rows = await query`
    with today as (select (clock_timestamp() at time zone 'UTC')::date as day),
      room as (
        select (select count(*) from pin_failures, today
                where instance_id = ${instanceId} and pin_failures.day = today.day) < ${MOST_OF_DEVICE}
          and (select count(*) from (
                select 1 from pin_failures, today
                where app_id = ${appId} and pin_failures.day = today.day limit ${MOST_OF_APP}) as of_app)
            < ${MOST_OF_APP} as is_left),
      known as (
        update pin_failures as f set reports = f.reports + 1, last_at = clock_timestamp()
        from today where f.instance_id = ${instanceId} and f.day = today.day and f.host = ${host}
          and f.kind = ${kind} and f.network_prefix = ${network.prefix} and f.leaf_pin = ${leaf.spkiSha256}
        returning 1),
      filed as (
        insert into pin_failures (instance_id, day, host, kind, network_prefix, leaf_pin, app_id, leaf_subject,
          leaf_issuer, leaf_not_after, network_kind, asn, country, reports, first_at, last_at)
        select i.id, today.day, ${host}, ${kind}, ${network.prefix}, ${leaf.spkiSha256}, ${appId}, ${leaf.subject},
          ${leaf.issuer}, ${leaf.notAfter}, ${network.kind}, ${network.asn}, ${network.country}, 1,
          clock_timestamp(), clock_timestamp()
        from today, room, device_instances as i
        where room.is_left and i.id = ${instanceId} and not exists (select 1 from known)
        on conflict (instance_id, day, host, kind, network_prefix, leaf_pin) do update
          set reports = pin_failures.reports + 1, last_at = excluded.last_at
        returning 1)
    select 1 from known union all select 1 from filed`;
  return rows.length > 0;
}

/** Reports and devices since a day, by app and host. */
export async function countFailures(
  db: Executor,
  appIds: readonly string[],
  sinceDay: string,
): Promise<ReadonlyMap<string, { reports: number; devices: number }>> {
  if (appIds.length === 0) return new Map();
  const rows = await db
    .select({
      appId: pinFailures.appId,
      host: pinFailures.host,
      reports: sql<number>`sum(${pinFailures.reports})::int`,
      devices: sql<number>`count(distinct ${pinFailures.instanceId})::int`,
    })
    .from(pinFailures)
    .where(and(inArray(pinFailures.appId, [...appIds]), gte(pinFailures.day, sinceDay)))
    .groupBy(pinFailures.appId, pinFailures.host);
  return new Map(rows.map(({ appId, host, ...counts }) => [`${appId} ${host}`, counts]));
}

/** Failures at one host since a day, by kind, network and key, the latest first. */
export async function groupFailures(
  db: Executor,
  of: { appId: string; host: string; sinceDay: string },
  limit: number,
) {
  const { kind, networkPrefix, networkKind, asn, country, leafPin, leafSubject, leafIssuer } = pinFailures;
  const keys = { kind, networkPrefix, networkKind, asn, country, leafPin, leafSubject, leafIssuer };
  return await db
    .select({
      ...keys,
      leafNotAfter: sql`max(${pinFailures.leafNotAfter})`.mapWith(pinFailures.leafNotAfter),
      devices: sql<number>`count(distinct ${pinFailures.instanceId})::int`,
      reports: sql<number>`sum(${pinFailures.reports})::int`,
      firstAt: sql`min(${pinFailures.firstAt})`.mapWith(pinFailures.firstAt),
      lastAt: sql`max(${pinFailures.lastAt})`.mapWith(pinFailures.lastAt),
    })
    .from(pinFailures)
    .where(
      and(eq(pinFailures.appId, of.appId), eq(pinFailures.host, of.host), gte(pinFailures.day, of.sinceDay)),
    )
    .groupBy(...Object.values(keys))
    .orderBy(desc(sql`max(${pinFailures.lastAt})`))
    .limit(limit);
}

/** Deletes failures that are kept no longer. Returns how many rows. */
export async function deleteOldFailures({ sql: query }: Pick<Database, 'sql'>): Promise<number> {
  const result = await query`
    delete from pin_failures as f using apps
    where apps.id = f.app_id
      and f.day < (clock_timestamp() at time zone 'UTC')::date - least(${KEPT_DAYS}, apps.retain_address_days)`;
  return result.count;
}
