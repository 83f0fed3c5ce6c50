import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedApp, seedEvent, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import type { Actor } from '@/lib/auth';
import { actorWith } from '@/lib/auth/testing/actors';
import { allow, blockInstance, liftBlock, listUnfinished, stepBatch, undoBatch } from '@/lib/blocks';
import { readChanges, readFeedPosition } from '@/lib/changes';
import { bulkQuerySchema } from '@/lib/contracts';
import { newId, systemClock } from '@/lib/core';
import { beginBulk, countBulk } from '@/lib/devices';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank');
  await seedApp(db.owner, 'fleet');
});
afterAll(() => db.close());

const responder = actorWith('responder');
const as = (actor: Actor = responder) => ({ db: db.console, actor, clock: systemClock });
const devicesOf = (model: string) => bulkQuerySchema.parse({ source: 'devices', q: model });
const begin = (model: string, actor: Actor = responder) =>
  beginBulk(as(actor), { query: devicesOf(model), reason: 'a farm', durationSeconds: 3_600 });

async function activeOf(batchId: string): Promise<number> {
  const rows = await db.owner
    .sql`select 1 from blocks where batch_id = ${batchId} and lifted_at is null and effect = 'refuse'`;
  return rows.length;
}

describe('a bulk block', () => {
  test('is refused to whoever may not block devices for long, and concerns only apps that they may', async () => {
    await seedInstance(db.owner, 'bank', { model: 'Farm A' });
    const onFleet = await seedInstance(db.owner, 'fleet', { model: 'Farm A' });
    for (const actor of [actorWith('analyst'), actorWith('auditor')]) {
      await expect(begin('Farm A', actor)).rejects.toMatchObject({ code: 'permission_denied' });
      await expect(countBulk(as(actor), { query: devicesOf('Farm A') })).rejects.toMatchObject({
        code: 'permission_denied',
      });
    }
    const own = actorWith('responder', 'fleet');
    const batch = await begin('Farm A', own);
    expect(batch).toMatchObject({ devices: 1, state: 'open', blocked: 0 });
    expect(await stepBatch(as(own), batch)).toMatchObject({ state: 'done', blocked: 1 });
    const [row] = await db.owner.sql`select target from blocks where batch_id = ${batch.id}`;
    expect(row?.target).toBe(onFleet);
    await expect(stepBatch(as(actorWith('responder', 'bank')), batch)).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });

  test('concerns only devices that every facet of the list lets through', async () => {
    const about = { model: 'Farm F', country: 'DE', osVersion: '15', appVersion: '5.4.0' };
    const meant = await seedInstance(db.owner, 'bank', about);
    for (const other of [{ country: 'FR' }, { osVersion: '16' }, { appVersion: '5.5.0' }])
      await seedInstance(db.owner, 'bank', { ...about, ...other });
    const query = bulkQuerySchema.parse({
      source: 'devices',
      q: 'Farm F',
      country: ['DE'],
      osVersion: ['15'],
      appVersion: ['5.4.0'],
    });
    expect(await countBulk(as(), { query })).toEqual({ devices: 1, unblocked: 1 });
    const wish = { query, reason: 'a farm', incident: 'INC-2041', durationSeconds: 3_600 };
    const batch = await beginBulk(as(), wish);
    expect(batch.incident).toBe('INC-2041');
    await stepBatch(as(), batch);
    const rows = await db.owner.sql`select target, incident from blocks where batch_id = ${batch.id}`;
    expect(rows).toEqual([{ target: meant, incident: 'INC-2041' }]);
  });

  test('goes in bounded steps, leaves alone what is blocked or allowed, and is undone in the same way', async () => {
    const ids = Array.from({ length: 1_203 }, () => newId(Date.now()));
    for (const id of ids) await seedInstance(db.owner, 'bank', { id, model: 'Farm B' });
    const [blocked = '', allowed = '', lifted = ''] = ids;
    await blockInstance(as(), { instanceId: blocked, reason: 'before', durationSeconds: null });
    await allow(as(), {
      scope: 'instance',
      target: allowed,
      appId: 'bank',
      owner: 'QA',
      reason: 'a test phone',
      durationSeconds: 3_600,
    });
    expect(await countBulk(as(), { query: devicesOf('Farm B') })).toEqual({
      devices: 1_203,
      unblocked: 1_202,
    });
    const batch = await begin('Farm B');
    // Whoever enrols now is not of the act.
    await seedInstance(db.owner, 'bank', { model: 'Farm B' });
    const before = await readFeedPosition(db.console.orm);
    const first = await stepBatch(as(), batch);
    expect(first).toMatchObject({ state: 'open', handled: 500 });
    const page = await readChanges(db.console, before.epoch, before.seq);
    expect(page.kind === 'changes' && page.changes.length).toBe(first.blocked);
    let state = first;
    while (state.state === 'open') state = await stepBatch(as(), batch);
    expect(state).toMatchObject({ state: 'done', handled: 1_203, blocked: 1_201 });
    expect(state.seq).toBe(before.seq + 1_201);
    expect(await activeOf(batch.id)).toBe(1_201);

    const [own] = await db.owner.sql<{ id: string }[]>`
      select id from blocks where target = ${lifted} and lifted_at is null`;
    await liftBlock(as(), { id: own?.id ?? '', reason: 'not of the farm' });
    const undo = () => undoBatch(as(), { id: batch.id, reason: 'the wrong query' });
    state = await undo();
    expect(state).toMatchObject({ state: 'undoing', lifted: 500, mayGoOn: false, mayUndo: true });
    while (state.state !== 'undone') state = await undo();
    expect(state.lifted).toBe(1_200);
    expect(await activeOf(batch.id)).toBe(0);
    const [still] = await db.owner.sql`select 1 from blocks where target = ${blocked} and lifted_at is null`;
    expect(still).toBeDefined();
    await expect(undo()).rejects.toMatchObject({ code: 'block_batch_undone' });
    await expect(stepBatch(as(), batch)).rejects.toMatchObject({ code: 'block_batch_undone' });
    const audit = await db.owner.sql`select action from audit_log where target_id = ${batch.id} order by id`;
    expect(audit.map(({ action }) => action)).toEqual([
      'block.bulk',
      ...Array.from({ length: 3 }, () => 'block.bulk_step'),
      ...Array.from({ length: 3 }, () => 'block.bulk_undo'),
    ]);
  });

  test('that was left half way is listed, and gone on with by its author or for the organisation', async () => {
    for (let index = 0; index < 501; index++) await seedInstance(db.owner, 'bank', { model: 'Farm L' });
    const author = actorWith('responder', 'bank');
    const batch = await begin('Farm L', author);
    const unfinished = async (actor: Actor) =>
      (await listUnfinished(as(actor))).batches.find(({ id }) => id === batch.id);
    expect(await unfinished(author)).toMatchObject({ handled: 0, isLeft: false, mayGoOn: true });
    await stepBatch(as(author), batch);
    // Here the author's tab is closed.
    expect(await unfinished(responder)).toMatchObject({ isLeft: false });
    await db.owner.sql`update block_batches set stepped_at = now() - interval '10 s' where id = ${batch.id}`;
    expect(await unfinished(responder)).toMatchObject({
      isLeft: true,
      state: 'open',
      handled: 500,
      reason: 'a farm',
      mayGoOn: true,
      mayUndo: true,
    });
    expect(await unfinished(actorWith('auditor'))).toMatchObject({ mayGoOn: false, mayUndo: false });
    expect(await unfinished(actorWith('responder', 'bank'))).toBeUndefined();
    // Two who go on at once share the rest, and block nobody twice.
    await Promise.all([stepBatch(as(), batch), stepBatch(as(author), batch)]);
    expect(await unfinished(responder)).toBeUndefined();
    expect(await activeOf(batch.id)).toBe(501);
    await undoBatch(as(), { id: batch.id, reason: 'a mistake' });
    expect(await unfinished(responder)).toMatchObject({ state: 'undoing', lifted: 500, mayUndo: true });
    await expect(stepBatch(as(), batch)).rejects.toMatchObject({ code: 'block_batch_undone' });
    await undoBatch(as(), { id: batch.id, reason: 'a mistake' });
    expect(await unfinished(responder)).toBeUndefined();
  });

  test('that is gone on with after its blocks would have ended blocks nobody any more', async () => {
    for (let index = 0; index < 501; index++) await seedInstance(db.owner, 'bank', { model: 'Farm M' });
    const batch = await begin('Farm M');
    await stepBatch(as(), batch);
    await db.owner.sql`update block_batches set expires_at = now() - interval '1 s' where id = ${batch.id}`;
    const before = await readFeedPosition(db.console.orm);
    expect(await stepBatch(as(), batch)).toMatchObject({ state: 'done', handled: 501, blocked: 500 });
    expect((await readFeedPosition(db.console.orm)).seq).toBe(before.seq);
    expect(await db.owner.sql`select 1 from block_batch_targets where batch_id = ${batch.id}`).toHaveLength(
      0,
    );
  });

  test('that is undone half way stops there', async () => {
    for (let index = 0; index < 501; index++) await seedInstance(db.owner, 'bank', { model: 'Farm C' });
    const batch = await begin('Farm C');
    await stepBatch(as(), batch);
    while ((await undoBatch(as(), { id: batch.id, reason: 'a mistake' })).state !== 'undone');
    expect(await activeOf(batch.id)).toBe(0);
    expect(await db.owner.sql`select 1 from block_batch_targets where batch_id = ${batch.id}`).toHaveLength(
      0,
    );
  });

  test('takes the devices that made the attestations of a query', async () => {
    const phone = await seedInstance(db.owner, 'bank');
    const other = await seedInstance(db.owner, 'bank');
    for (const instanceId of [phone, phone, null]) {
      await seedEvent(db.owner, { appId: 'bank', atMs: Date.now() - 60_000, instanceId, country: 'NZ' });
    }
    await seedEvent(db.owner, { appId: 'bank', atMs: Date.now() - 60_000, instanceId: other, country: 'AU' });
    const query = bulkQuerySchema.parse({ source: 'attestations', country: ['NZ'], range: '1h' });
    expect(await countBulk(as(), { query })).toEqual({ devices: 1, unblocked: 1 });
    const batch = await beginBulk(as(), { query, reason: 'a farm', durationSeconds: null });
    expect(await stepBatch(as(), batch)).toMatchObject({ state: 'done', blocked: 1 });
    expect(await countBulk(as(), { query })).toEqual({ devices: 1, unblocked: 0 });
  });

  test('of nothing is refused', async () => {
    await expect(begin('No such model')).rejects.toMatchObject({ code: 'block_batch_empty' });
    await expect(stepBatch(as(), { id: crypto.randomUUID() })).rejects.toMatchObject({
      code: 'block_batch_not_found',
    });
  });
});
