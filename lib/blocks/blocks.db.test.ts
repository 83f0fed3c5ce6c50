import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedApp, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import type { Actor } from '@/lib/auth';
import { actorWith } from '@/lib/auth/testing/actors';
import { blockInstance, blocksOfTarget, countActive, liftBlock } from '@/lib/blocks';
import { readChanges, readFeedPosition } from '@/lib/changes';
import { fixedClock } from '@/lib/core';

const START_MS = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600;
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank');
  await seedApp(db.owner, 'fleet');
});
afterAll(() => db.close());

const clock = fixedClock(START_MS);
const as = (actor: Actor) => ({ db: db.console, actor, clock });
const responder = actorWith('responder');
const analyst = actorWith('analyst');
const request = (instanceId: string, durationSeconds: number | null = HOUR) => ({
  instanceId,
  reason: 'seen in an attack',
  durationSeconds,
});

async function auditOf(instanceId: string) {
  return db.owner
    .sql`select action, actor_name, reason, change_seq from audit_log where target_id = ${instanceId} order by id`;
}

describe('blocking a device', () => {
  test('refuses an actor without permission, and leaves nothing behind', async () => {
    const id = await seedInstance(db.owner, 'bank');
    for (const actor of [actorWith('auditor'), actorWith(null), actorWith('admin', 'fleet')]) {
      await expect(blockInstance(as(actor), request(id))).rejects.toMatchObject({
        code: 'permission_denied',
      });
    }
    const cli = { kind: 'cli', id: 'root', name: 'root' } as const;
    await expect(blockInstance(as(cli), request(id))).rejects.toMatchObject({ code: 'permission_denied' });
    expect(await blocksOfTarget(db.console.orm, id, 10)).toEqual([]);
    expect(await auditOf(id)).toHaveLength(0);
  });

  test('commits the block, one audit row and one change together', async () => {
    const id = await seedInstance(db.owner, 'bank');
    const before = await readFeedPosition(db.console.orm);
    const block = await blockInstance(as(responder), request(id, null));
    expect(block).toMatchObject({ target: id, appId: 'bank', seq: before.seq + 1, expiresAt: null });
    const page = await readChanges(db.console, before.epoch, before.seq);
    expect(page).toMatchObject({
      changes: [{ topic: 'block', payload: { id: block.id, target: id, active: true, expiresAtMs: null } }],
    });
    const [row, ...more] = await auditOf(id);
    expect(row).toMatchObject({
      action: 'block.create',
      actor_name: 'responder',
      reason: 'seen in an attack',
    });
    expect(Number(row?.change_seq)).toBe(block.seq);
    expect(more).toHaveLength(0);
    expect((await blocksOfTarget(db.console.orm, id, 10))[0]?.seq).toBe(block.seq);
  });

  test('lets an analyst block for 24 hours and no longer', async () => {
    const id = await seedInstance(db.owner, 'bank');
    for (const length of [null, 24 * HOUR + 1]) {
      await expect(blockInstance(as(analyst), request(id, length))).rejects.toMatchObject({
        code: 'block_too_long_for_role',
      });
    }
    const block = await blockInstance(as(analyst), request(id, 24 * HOUR));
    expect(block.expiresAt).toBe('2026-03-02T12:00:00.000Z');
  });

  test('lets exactly one of 20 parallel calls win', async () => {
    const id = await seedInstance(db.owner, 'bank');
    const before = await readFeedPosition(db.console.orm);
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => blockInstance(as(responder), request(id))),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'block_already_active' });
    }
    expect((await readFeedPosition(db.console.orm)).seq).toBe(before.seq + 1);
    expect(await auditOf(id)).toHaveLength(1);
  });

  test('closes a block that has run out on the way, and keeps it as history', async () => {
    const id = await seedInstance(db.owner, 'bank');
    const first = await blockInstance(as(responder), request(id, HOUR));
    clock.advance(HOUR * 1000);
    const second = await blockInstance(as(responder), request(id, HOUR));
    const history = await blocksOfTarget(db.console.orm, id, 10);
    expect(history.map((block) => block.id)).toEqual([second.id, first.id]);
    expect(history[1]?.liftedAt?.toISOString()).toBe(first.expiresAt);
  });

  test('refuses an instance that does not exist', async () => {
    await expect(blockInstance(as(responder), request(crypto.randomUUID()))).rejects.toMatchObject({
      code: 'instance_not_found',
    });
  });

  test('rolls everything back when the audit row cannot be written', async () => {
    const id = await seedInstance(db.owner, 'bank');
    const before = await readFeedPosition(db.console.orm);
    await db.owner.sql.unsafe(`create function refuse_audit() returns trigger language plpgsql as
      $$ begin raise exception 'no audit'; end $$;
      create trigger refuse_audit before insert on audit_log for each row execute function refuse_audit()`);
    await expect(blockInstance(as(responder), request(id))).rejects.toThrow();
    await db.owner.sql.unsafe('drop trigger refuse_audit on audit_log');
    expect(await blocksOfTarget(db.console.orm, id, 10)).toEqual([]);
    expect((await readFeedPosition(db.console.orm)).seq).toBe(before.seq);
  });
});

describe('lifting a block', () => {
  const lift = (id: string) => ({ id, reason: 'a false alarm' });

  test('refuses an actor without permission, and the block stays in force', async () => {
    const id = await seedInstance(db.owner, 'bank');
    const block = await blockInstance(as(responder), request(id));
    for (const actor of [analyst, actorWith('auditor'), actorWith(null), actorWith('responder', 'fleet')]) {
      await expect(liftBlock(as(actor), lift(block.id))).rejects.toMatchObject({ code: 'permission_denied' });
    }
    expect((await blocksOfTarget(db.console.orm, id, 1))[0]?.liftedAt).toBeNull();
    expect(await auditOf(id)).toHaveLength(1);
  });

  test('commits its end, one audit row and one change together', async () => {
    const id = await seedInstance(db.owner, 'bank');
    const block = await blockInstance(as(responder), request(id));
    const before = await readFeedPosition(db.console.orm);
    const lifted = await liftBlock(as(actorWith('responder', 'bank')), lift(block.id));
    expect(lifted).toMatchObject({
      id: block.id,
      liftReason: 'a false alarm',
      liftedByName: 'responder',
      liftSeq: before.seq + 1,
    });
    const page = await readChanges(db.console, before.epoch, before.seq);
    expect(page).toMatchObject({ changes: [{ topic: 'block', payload: { id: block.id, active: false } }] });
    const audit = await auditOf(id);
    expect(audit.map((row) => row.action)).toEqual(['block.create', 'block.lift']);
    expect(Number(audit[1]?.change_seq)).toBe(lifted.liftSeq);
  });

  test('lets exactly one of 20 parallel calls win', async () => {
    const id = await seedInstance(db.owner, 'bank');
    const block = await blockInstance(as(responder), request(id));
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => liftBlock(as(responder), lift(block.id))),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'block_already_lifted' });
    }
    expect(await auditOf(id)).toHaveLength(2);
  });

  test('refuses a block that has run out, and one that never was', async () => {
    const id = await seedInstance(db.owner, 'bank');
    const block = await blockInstance(as(responder), request(id, 60));
    clock.advance(60_000);
    await expect(liftBlock(as(responder), lift(block.id))).rejects.toMatchObject({
      code: 'block_already_lifted',
    });
    await expect(liftBlock(as(responder), lift(crypto.randomUUID()))).rejects.toMatchObject({
      code: 'block_not_found',
    });
  });

  test('lets the device be blocked again', async () => {
    const id = await seedInstance(db.owner, 'fleet');
    const now = () => new Date(clock.nowMs());
    expect(await countActive(db.console.orm, ['fleet'], now())).toBe(0);
    const first = await blockInstance(as(responder), request(id));
    await liftBlock(as(responder), lift(first.id));
    const second = await blockInstance(as(responder), request(id));
    expect(second.id).not.toBe(first.id);
    expect(await countActive(db.console.orm, ['fleet'], now())).toBe(1);
  });
});
