import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedApp, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { foldAdoption, KeyUseCounters, recordDeliveries, recordDeviceUses } from '@/lib/api-keys';
import { newId } from '@/lib/core';
import { deleteOldUses } from './use-counters';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank');
});
afterAll(() => db.close());

const seedMany = (count: number) =>
  Promise.all(Array.from({ length: count }, () => seedInstance(db.owner, 'bank')));

/** Devices per version, by the counters. */
async function counted(keyId: string, basis = 'delivered'): Promise<Record<string, number>> {
  const rows = await db.console.sql<{ version: number; devices: number }[]>`
    select version, sum(devices)::int as devices from api_key_adoption
    where key_id = ${keyId} and basis = ${basis} group by version having sum(devices) <> 0 order by version`;
  return Object.fromEntries(rows.map(({ version, devices }) => [version, devices]));
}

/** The same, by the rows themselves. */
async function stored(keyId: string): Promise<Record<string, number>> {
  const rows = await db.owner.sql<{ version: number; devices: number }[]>`
    select version, count(*)::int as devices from api_key_deliveries where key_id = ${keyId} group by version`;
  return Object.fromEntries(rows.map(({ version, devices }) => [version, devices]));
}

describe('deliveries', () => {
  test('cost one row per device and key, which only another version changes', async () => {
    const keyId = newId(Date.now());
    const [instanceId = ''] = await seedMany(1);
    const deliver = (version: number) => recordDeliveries(db.service, [{ instanceId, keyId, version }], 'w1');
    const rowOf = async () =>
      (
        await db.owner
          .sql`select xmin::text as written, xmax::text as locked, version from api_key_deliveries where key_id = ${keyId}`
      )[0];
    await deliver(1);
    const first = await rowOf();
    await deliver(1);
    expect(await rowOf()).toEqual(first);
    expect(await counted(keyId)).toEqual({ 1: 1 });
    await deliver(2);
    const second = await rowOf();
    expect(second).toMatchObject({ version: 2 });
    await deliver(2);
    expect(await rowOf()).toEqual(second);
    expect(await counted(keyId)).toEqual({ 2: 1 });
    expect(await stored(keyId)).toEqual({ 2: 1 });
  });

  test('are counted as the rows say when many nodes write the same devices at once', async () => {
    const keyId = newId(Date.now());
    const devices = await seedMany(40);
    const all = (version: number) => devices.map((instanceId) => ({ instanceId, keyId, version }));
    await Promise.all(['w1', 'w2', 'w3', 'w4'].map((writer) => recordDeliveries(db.service, all(1), writer)));
    expect(await counted(keyId)).toEqual({ 1: 40 });
    await Promise.all([
      ...['w1', 'w2', 'w3'].map((writer, index) => recordDeliveries(db.service, all(index + 1), writer)),
      recordDeliveries(db.service, all(2).toReversed(), 'w4'),
    ]);
    expect(await counted(keyId)).toEqual(await stored(keyId));
  });

  test('are forgotten with an erased device, and written for none', async () => {
    const keyId = newId(Date.now());
    const [kept = '', erased = ''] = await seedMany(2);
    const both = [kept, erased].map((instanceId) => ({ instanceId, keyId, version: 1 }));
    await recordDeliveries(db.service, both, 'w1');
    await recordDeviceUses(db.service, both, 'w1');
    await db.console.sql`select * from countersign_erase_device(${erased})`;
    expect(await stored(keyId)).toEqual({ 1: 1 });
    expect(await counted(keyId)).toEqual({ 1: 1 });
    expect(await counted(keyId, 'used')).toEqual({ 1: 1 });
    await recordDeliveries(db.service, [{ instanceId: erased, keyId, version: 1 }], 'w1');
    expect(await stored(keyId)).toEqual({ 1: 1 });
  });

  test('keep their sums when old counts are folded into days', async () => {
    const keyId = newId(Date.now());
    await db.owner.sql`insert into api_key_adoption (key_id, version, basis, bucket, writer, devices)
      select ${keyId}, 1, 'delivered', now() - i * interval '6 hours', w, 1
      from generate_series(0, 39) as i, unnest(array['w1', 'w2']) as w`;
    await foldAdoption(db.service);
    await foldAdoption(db.service);
    expect(await counted(keyId)).toEqual({ 1: 80 });
    const [row] = await db.owner.sql<{ rows: number }[]>`
      select count(*)::int as rows from api_key_adoption where key_id = ${keyId}`;
    expect(row?.rows).toBeLessThan(40);
  });
});

describe('uses', () => {
  test('are counted per minute and standing, and move a device from one version to the next once', async () => {
    const keyId = newId(Date.now());
    const [instanceId = ''] = await seedMany(1);
    await recordDeliveries(db.service, [{ instanceId, keyId, version: 2 }], 'w1');
    const counters = new KeyUseCounters(db.service, 'w1');
    const use = (version: number, standing: 'active' | 'revoked', device: string | null) =>
      counters.count({ keyId, version, standing, instanceId: device }, Date.now());
    for (let i = 0; i < 5; i += 1) use(1, 'active', instanceId);
    use(1, 'revoked', null);
    await counters.flush();
    expect(await counted(keyId, 'used')).toEqual({ 1: 1 });
    use(2, 'active', instanceId);
    await counters.flush();
    await counters.flush();
    expect(await counted(keyId, 'used')).toEqual({ 2: 1 });
    const rows = await db.console.sql`
      select version, standing, sum(requests)::int as requests from api_key_uses where key_id = ${keyId}
      group by 1, 2 order by 1, 2`;
    expect(rows).toMatchObject([
      { version: 1, standing: 'active', requests: 5 },
      { version: 1, standing: 'revoked', requests: 1 },
      { version: 2, standing: 'active', requests: 1 },
    ]);
  });

  test('are kept while the database refuses them, and counted once when it takes them', async () => {
    const keyId = newId(Date.now());
    const [instanceId = ''] = await seedMany(1);
    await recordDeliveries(db.service, [{ instanceId, keyId, version: 1 }], 'w1');
    const counters = new KeyUseCounters(db.service, 'w1');
    const use = () => counters.count({ keyId, version: 1, standing: 'active', instanceId }, Date.now());
    use();
    await db.owner.sql`revoke insert on api_key_uses from countersign_service`;
    await expect(counters.flush()).rejects.toThrow(/permission denied/);
    await db.owner.sql`grant insert on api_key_uses to countersign_service`;
    use();
    await counters.flush();
    const [row] = await db.owner
      .sql`select sum(requests)::int as requests from api_key_uses where key_id = ${keyId}`;
    expect(row?.requests).toBe(2);
    expect(await counted(keyId, 'used')).toEqual({ 1: 1 });
  });

  test('of a device that was never given the key move nobody', async () => {
    const keyId = newId(Date.now());
    const [instanceId = ''] = await seedMany(1);
    await recordDeviceUses(db.service, [{ instanceId, keyId, version: 1 }], 'w1');
    expect(await counted(keyId, 'used')).toEqual({});
  });

  test('are deleted after eight days', async () => {
    const keyId = newId(Date.now());
    await db.owner.sql`insert into api_key_uses (key_id, version, bucket, standing, writer, requests)
      select ${keyId}, 1, now() - i * interval '1 day', 'active', 'w1', 1 from generate_series(6, 9) as i`;
    expect(await deleteOldUses(db.service)).toBe(2);
  });
});
