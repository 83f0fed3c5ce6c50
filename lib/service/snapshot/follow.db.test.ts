import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { appendChange } from '@/lib/changes';
import type { BlockSnapshot } from '@/lib/contracts';
import { newId, silentLogger } from '@/lib/core';
import { DatabaseClock } from '@/lib/db';
import { ensureSigningKey } from '@/lib/signing-keys';
import { registerTestApp, TEST_APP } from '../testing/service';
import { openVault } from '../vault';
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
    effect: 'refuse',
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
const blockOn = (target: string) =>
  follower.snapshot.blocks.decide(
    {
      appId: TEST_APP.id,
      instanceId: target,
      hardware: null,
      appVersion: null,
      osBuild: null,
      signers: [],
      network: null,
      asn: null,
      country: null,
    },
    Date.now(),
  )?.block?.id;
const isBlocked = (target: string) => blockOn(target) !== undefined;
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
    expect(blockOn(target)).toBe(payload.id);
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

  test('takes no signing key from the feed that the service did not make, and goes on', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    // The console writes to the feed as well, and must not be able to vouch for tokens.
    const forged = { kid: 'forged', publicJwk: { kty: 'EC', crv: 'P-256', x, y } } as const;
    await db.console.orm.transaction((tx) =>
      appendChange(tx, 'signing_key', { ...forged, state: 'active', status: 'active' }),
    );
    const target = crypto.randomUUID();
    await block(target);
    await expect.poll(() => isBlocked(target), within).toBe(true);
    expect(follower.snapshot.keys.has('forged')).toBe(false);
    expect(follower.snapshot.publicKeys.has('forged')).toBe(false);
  });

  test('takes the state of a signing key from its own table', async () => {
    const { publicJwk } = await openVault(db.service, Buffer.alloc(32, 7));
    await ensureSigningKey(db.service, publicJwk);
    await expect
      .poll(() => [...follower.snapshot.keys.values()].at(-1)?.snapshot.state, within)
      .toBe('active');
    const [kid = ''] = [...follower.snapshot.keys.keys()];
    await db.service.sql`update signing_keys set state = 'revoked' where kid = ${kid}`;
    const known = follower.snapshot.keys.get(kid)?.snapshot;
    if (!known) throw new Error('The key is not known.');
    await db.service.orm.transaction((tx) => appendChange(tx, 'signing_key', { ...known, state: 'revoked' }));
    await expect.poll(() => follower.snapshot.keys.get(kid)?.snapshot.state, within).toBe('revoked');
    // Nor does the feed bring it back.
    await db.console.orm.transaction((tx) => appendChange(tx, 'signing_key', { ...known, state: 'active' }));
    const target = crypto.randomUUID();
    await block(target);
    await expect.poll(() => isBlocked(target), within).toBe(true);
    expect(follower.snapshot.keys.get(kid)?.snapshot.state).toBe('revoked');
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

  test('reloads after a restore that other changes have overtaken by the time it looks again', async () => {
    const undone = await block(crypto.randomUUID());
    await expect.poll(() => isBlocked(undone.target), within).toBe(true);
    const { seq } = follower.snapshot;
    const restored = crypto.randomUUID();
    // The feed goes back by one and forward by one between two looks, so that its position is what it was.
    await db.owner.sql.begin(async (sql) => {
      await sql`delete from blocks where target = ${undone.target}`;
      await sql`
        insert into blocks (id, scope, app_id, target, reason, created_by, created_by_name, created_at, seq)
        values (gen_random_uuid(), 'instance', ${TEST_APP.id}, ${restored}, 'test', 't', 't', clock_timestamp(), ${seq})`;
      await sql`update change_log set committed_at = clock_timestamp(), payload = ${JSON.stringify({
        id: newId(2),
        scope: 'instance',
        appId: TEST_APP.id,
        target: restored,
        expiresAtMs: null,
        active: true,
      })}::jsonb where seq = ${seq}`;
    });
    await expect.poll(() => isBlocked(restored), within).toBe(true);
    expect(isBlocked(undone.target)).toBe(false);
    // And with one more change than it had.
    const later = await block(crypto.randomUUID());
    await expect.poll(() => isBlocked(later.target), within).toBe(true);
  });
});
