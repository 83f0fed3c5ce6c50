import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { appendChange } from '@/lib/changes';
import type { BlockSnapshot } from '@/lib/contracts';
import { newId, silentLogger } from '@/lib/core';
import { DatabaseClock } from '../clock';
import { registerTestApp, TEST_APP } from '../testing/service';
import { SnapshotFollower } from './follow';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await registerTestApp(db);
});
afterAll(() => db.close());

let follower: SnapshotFollower;
let told: { seq: number; isReload: boolean }[];
beforeEach(async () => {
  told = [];
  follower = await SnapshotFollower.load({
    db: db.service,
    clock: new DatabaseClock(),
    logger: silentLogger,
  });
  await follower.follow((seq, topics) => told.push({ seq, isReload: topics === 'reload' }));
});
afterEach(() => follower.stop());

/** Blocks an instance as the console does: row and change in one transaction. */
async function block(target: string): Promise<BlockSnapshot> {
  const payload: BlockSnapshot = {
    id: newId(Date.now()),
    scope: 'instance',
    appId: TEST_APP.id,
    target,
    expiresAtMs: null,
    active: true,
  };
  await db.console.orm.transaction(async (tx) => {
    const seq = await appendChange(tx, 'block', payload);
    await db.console.sql`
      insert into blocks (id, scope, app_id, target, reason, created_by, created_by_name, created_at, seq)
      values (${payload.id}, 'instance', ${payload.appId}, ${target}, 'test', 't', 't', clock_timestamp(), ${seq})`;
  });
  return payload;
}
const isBlocked = (target: string) => follower.snapshot.blocks.has(target);
const within = { timeout: 3_000, interval: 20 };

describe('the snapshot', () => {
  test('follows a change, and tells how far it is', async () => {
    const target = crypto.randomUUID();
    await block(target);
    await expect.poll(() => isBlocked(target), within).toBe(true);
    expect(told.at(-1)).toEqual({ seq: follower.snapshot.seq, isReload: false });
    expect(follower.ageMs).toBeLessThan(3_000);
  });

  test('finds a change whose wake-up was lost', async () => {
    const target = crypto.randomUUID();
    const payload = {
      id: newId(1),
      scope: 'instance' as const,
      appId: TEST_APP.id,
      target,
      expiresAtMs: null,
      active: true,
    };
    await db.owner.sql`
      with next as (update change_feed set seq = seq + 1 returning seq, epoch)
      insert into change_log (seq, epoch, topic, payload, committed_at)
      select seq, epoch, 'block', ${JSON.stringify(payload)}::jsonb, clock_timestamp() from next`;
    await expect.poll(() => isBlocked(target), within).toBe(true);
  });

  test('reloads after a gap, and a block that was in it is not lost', async () => {
    const target = crypto.randomUUID();
    const payload = await block(target);
    await expect.poll(() => isBlocked(target), within).toBe(true);
    // A change that nobody can read any more, and one after it.
    await db.owner.sql`update change_feed set seq = seq + 2`;
    follower.wake();
    await expect.poll(() => told.some(({ isReload }) => isReload), within).toBe(true);
    expect(follower.snapshot.blocks.get(target)?.id).toBe(payload.id);
  });

  test('reloads under a new epoch, and knows what had been missed', async () => {
    const target = crypto.randomUUID();
    await db.owner.sql`
      insert into blocks (id, scope, app_id, target, reason, created_by, created_by_name, created_at, seq)
      values (gen_random_uuid(), 'instance', ${TEST_APP.id}, ${target}, 'restored', 't', 't', clock_timestamp(), 1)`;
    expect(isBlocked(target)).toBe(false);
    await db.owner.sql`update change_feed set epoch = gen_random_uuid()`;
    await expect.poll(() => isBlocked(target), within).toBe(true);
  });

  test('reloads where a change is not understood', async () => {
    await db.owner.sql`
      with next as (update change_feed set seq = seq + 1 returning seq, epoch)
      insert into change_log (seq, epoch, topic, payload, committed_at)
      select seq, epoch, 'from_the_future', '{}'::jsonb, clock_timestamp() from next`;
    await expect.poll(() => told.some(({ isReload }) => isReload), within).toBe(true);
    const [head] = await db.owner.sql<{ seq: string }[]>`select seq from change_feed`;
    expect(follower.snapshot.seq).toBe(Number(head?.seq));
  });

  test('grows old while the feed cannot be read, and recovers', async () => {
    await db.owner.sql`revoke select on change_feed from countersign_service`;
    const before = follower.currentAtMs;
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(follower.ageMs).toBeGreaterThan(1_000);
    expect(follower.currentAtMs).toBeLessThanOrEqual(before + 1_100);
    await db.owner.sql`grant select on change_feed to countersign_service`;
    await expect.poll(() => follower.ageMs, within).toBeLessThan(1_000);
  });

  test('is followed again after the server ended every connection', async () => {
    await db.owner.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and usename = 'countersign_service'`;
    const target = crypto.randomUUID();
    await block(target);
    await expect.poll(() => isBlocked(target), within).toBe(true);
  });
});
