import type { Database } from '@/lib/db';

/** A version that a device is given, or has used. */
export interface DeviceVersion {
  readonly instanceId: string;
  readonly keyId: string;
  readonly version: number;
}

/** Another node may insert or change a row that this one was about to: it is seen the next time. */
const MOST_ROUNDS = 3;

/**
 * Writes down which version each device was given: one row per device and key, which only another version changes, and
 * the devices counted per version in this writer's own shard. What belongs to no device, because it was erased, is left
 * out. What stands there already is not even locked. All or nothing.
 */
export async function recordDeliveries(
  db: Database,
  deliveries: readonly DeviceVersion[],
  writer: string,
): Promise<void> {
  let missing = inOrder(deliveries);
  await db.sql.begin(async (sql) => {
    for (let round = 0; missing.length > 0 && round < MOST_ROUNDS; round += 1) {
      const rows = await sql<{ instance_id: string; key_id: string }[]>`
        with given as (
          select * from unnest(${missing.map(({ instanceId }) => instanceId)}::uuid[],
            ${missing.map(({ keyId }) => keyId)}::uuid[],
            ${missing.map(({ version }) => version)}::int4[]) as t(instance_id, key_id, version)
        ), kept as (
          select id from device_instances where id in (select instance_id from given) order by id for key share
        ), same as (
          select d.instance_id, d.key_id from api_key_deliveries d
          join given using (instance_id, key_id) where d.version = given.version
        ), known as (
          select d.instance_id, d.key_id, d.version from api_key_deliveries d
          join given using (instance_id, key_id) join kept on kept.id = d.instance_id
          where d.version <> given.version
          order by d.instance_id, d.key_id for update of d
        ), moved as (
          update api_key_deliveries d set version = given.version, delivered_at = clock_timestamp()
          from given join known using (instance_id, key_id)
          where d.instance_id = given.instance_id and d.key_id = given.key_id
          returning d.key_id, known.version as old_version, d.version
        ), made as (
          insert into api_key_deliveries (instance_id, key_id, version, delivered_at)
          select instance_id, key_id, version, clock_timestamp() from given
          where instance_id in (select id from kept)
            and (instance_id, key_id) not in (select instance_id, key_id from same)
            and (instance_id, key_id) not in (select instance_id, key_id from known)
          order by instance_id, key_id
          on conflict do nothing
          returning instance_id, key_id, version
        ), counted as (
          insert into api_key_adoption (key_id, version, basis, bucket, writer, devices)
          select key_id, version, 'delivered', date_bin('1 minute', clock_timestamp(), 'epoch'), ${writer}, sum(devices)
          from (
            select key_id, old_version as version, -1 as devices from moved
            union all select key_id, version, 1 from moved
            union all select key_id, version, 1 from made
          ) as changes
          group by key_id, version order by key_id, version
          on conflict (key_id, version, basis, bucket, writer) do update
            set devices = api_key_adoption.devices + excluded.devices
        )
        select instance_id, key_id from given
        where instance_id in (select id from kept)
          and (instance_id, key_id) not in (select instance_id, key_id from same)
          and (instance_id, key_id) not in (select instance_id, key_id from known)
          and (instance_id, key_id) not in (select instance_id, key_id from made)`;
      const left = new Set(rows.map((row) => `${row.instance_id} ${row.key_id}`));
      missing = missing.filter((row) => left.has(nameOf(row)));
    }
  });
}

/** Writes down which version each device used last; a device that was never given the key is not counted. */
export async function recordDeviceUses(
  db: Database,
  uses: readonly DeviceVersion[],
  writer: string,
): Promise<void> {
  const rows = inOrder(uses);
  if (rows.length === 0) return;
  await db.sql`
    with given as (
      select * from unnest(${rows.map(({ instanceId }) => instanceId)}::uuid[],
        ${rows.map(({ keyId }) => keyId)}::uuid[],
        ${rows.map(({ version }) => version)}::int4[]) as t(instance_id, key_id, version)
    ), known as (
      select d.instance_id, d.key_id, d.used_version from api_key_deliveries d
      join given using (instance_id, key_id) where d.used_version is distinct from given.version
      order by d.instance_id, d.key_id for update of d
    ), moved as (
      update api_key_deliveries d set used_version = given.version, used_at = clock_timestamp()
      from given join known using (instance_id, key_id)
      where d.instance_id = given.instance_id and d.key_id = given.key_id
      returning d.key_id, known.used_version as old_version, d.used_version as version
    )
    insert into api_key_adoption (key_id, version, basis, bucket, writer, devices)
    select key_id, version, 'used', date_bin('1 minute', clock_timestamp(), 'epoch'), ${writer}, sum(devices)
    from (
      select key_id, old_version as version, -1 as devices from moved where old_version is not null
      union all select key_id, version, 1 from moved
    ) as changes
    group by key_id, version order by key_id, version
    on conflict (key_id, version, basis, bucket, writer) do update
      set devices = api_key_adoption.devices + excluded.devices`;
}

/** One row per device and key, the last one, in the order in which every writer locks them. */
function inOrder(rows: readonly DeviceVersion[]): DeviceVersion[] {
  const last = new Map(rows.map((row) => [nameOf(row), row]));
  return [...last].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

function nameOf({ instanceId, keyId }: DeviceVersion): string {
  return `${instanceId} ${keyId}`;
}

/** Of buckets that are older than two days only their day matters: folded, a key of any age stays quick to sum. */
export async function foldAdoption({ sql }: Pick<Database, 'sql'>): Promise<number> {
  const result = await sql`
    with old as (
      delete from api_key_adoption
      where bucket < date_trunc('day', clock_timestamp(), 'UTC') - interval '2 days' and writer <> 'folded'
      returning key_id, version, basis, bucket, devices
    )
    insert into api_key_adoption (key_id, version, basis, bucket, writer, devices)
    select key_id, version, basis, date_trunc('day', bucket, 'UTC') as day, 'folded', sum(devices)
    from old group by key_id, version, basis, day order by key_id, version, basis, day
    on conflict (key_id, version, basis, bucket, writer) do update
      set devices = api_key_adoption.devices + excluded.devices`;
  return result.count;
}
