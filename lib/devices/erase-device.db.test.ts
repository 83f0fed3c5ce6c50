import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { seedApp, seedEvent, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import type { Actor } from '@/lib/auth';
import { actorWith } from '@/lib/auth/testing/actors';
import { blockInstance } from '@/lib/blocks';
import { deviceErasedSchema } from '@/lib/contracts';
import { newId, systemClock } from '@/lib/core';
import { eraseDevice } from '@/lib/devices';

const DAY_MS = 86_400_000;
const REASON = 'its owner asked for it';

let db: TestDatabase;
let device = '';
let other = '';
beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank');
  await seedApp(db.owner, 'fleet');
});
beforeEach(async () => {
  device = await seedInstance(db.owner, 'bank', { firstSeenAt: new Date(Date.now() - 40 * DAY_MS) });
  other = await seedInstance(db.owner, 'fleet');
  for (const [appId, instanceId] of [
    ['bank', device],
    ['fleet', other],
  ] as const) {
    for (const days of [0, 1, 5]) {
      await seedEvent(db.owner, { appId, instanceId, atMs: Date.now() - days * DAY_MS, verdict: 'rejected' });
    }
    await seedRefusal(appId, instanceId);
  }
});
afterAll(() => db.close());

const as = (actor: Actor) => ({ db: db.console, actor, clock: systemClock });
const admin = () => as(actorWith('admin'));

async function seedRefusal(appId: string, instanceId: string): Promise<void> {
  await db.owner.sql`
    insert into request_events (subject_id, received_at, id, app_id, instance_id, outcome, enforced, network_kind, node)
    values (${instanceId}, now(), ${newId(Date.now())}, ${appId}, ${instanceId}, 'blocked', 1, 'access', 'n')`;
}

/** How many rows of each kind there are of a device. */
async function stored(id: string): Promise<Record<string, number>> {
  const [row] = await db.owner.sql<Record<string, number>[]>`
    select (select count(*)::int from device_instances where id = ${id}) as instances,
      (select count(*)::int from attestation_events where instance_id = ${id} or subject_id = ${id}) as attestations,
      (select count(*)::int from request_events where instance_id = ${id} or subject_id = ${id}) as requests,
      (select count(*)::int from device_days where instance_id = ${id}) as days`;
  return row ?? {};
}

const audited = () =>
  db.owner.sql`select * from audit_log where action = 'device.erase' and target_id = ${device}`;

describe('erasing a device', () => {
  test('removes all that is stored of it, and nothing of another', async () => {
    const counted = await db.owner.sql`select sum(events)::int as events from attestation_rollup_hours`;
    const answer = deviceErasedSchema.parse(await eraseDevice(admin(), { id: device, reason: REASON }));
    expect(answer).toEqual({ id: device, erased: { attestations: 3, requests: 1, days: 3 } });
    expect(await stored(device)).toEqual({ instances: 0, attestations: 0, requests: 0, days: 0 });
    expect(await stored(other)).toEqual({ instances: 1, attestations: 3, requests: 1, days: 3 });
    expect(await db.owner.sql`select sum(events)::int as events from attestation_rollup_hours`).toEqual(
      counted,
    );
  });

  test('leaves one audit row, with how much it was and none of it', async () => {
    await eraseDevice(admin(), { id: device, reason: REASON });
    const rows = await audited();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      target_kind: 'instance',
      app_id: 'bank',
      reason: REASON,
      detail: { attestations: 3, requests: 1, days: 3 },
    });
  });

  test('keeps it blocked', async () => {
    await blockInstance(admin(), { instanceId: device, reason: 'an attack', durationSeconds: null });
    await eraseDevice(admin(), { id: device, reason: REASON });
    const rows = await db.owner.sql`select 1 from blocks where target = ${device} and lifted_at is null`;
    expect(rows).toHaveLength(1);
  });

  test('is refused to who may not, and then changes nothing', async () => {
    const before = await stored(device);
    for (const actor of [null, 'analyst', 'responder', 'auditor'] as const) {
      const denied = eraseDevice(as(actorWith(actor)), { id: device, reason: REASON });
      await expect(denied).rejects.toMatchObject({ code: 'permission_denied' });
    }
    const ofOther = eraseDevice(as(actorWith('admin', 'fleet')), { id: device, reason: REASON });
    await expect(ofOther).rejects.toMatchObject({ code: 'permission_denied' });
    expect(await stored(device)).toEqual(before);
    expect(await audited()).toHaveLength(0);
  });

  test('succeeds for exactly one of several at once, and not for what does not exist', async () => {
    const results = await Promise.allSettled(
      [1, 2, 3, 4].map(() => eraseDevice(admin(), { id: device, reason: REASON })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'instance_not_found' });
    }
    expect(await audited()).toHaveLength(1);
  });

  test('does not happen without its audit row', async () => {
    const before = await stored(device);
    await db.owner.sql.unsafe(`
      create function refuse_audit() returns trigger language plpgsql as 'begin raise exception ''full''; end';
      create trigger refuse before insert on audit_log for each row execute function refuse_audit()`);
    await expect(eraseDevice(admin(), { id: device, reason: REASON })).rejects.toThrow();
    await db.owner.sql.unsafe('drop trigger refuse on audit_log');
    expect(await stored(device)).toEqual(before);
  });
});
