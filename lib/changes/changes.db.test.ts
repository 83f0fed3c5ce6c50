import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { appendChange, propagationView, readChanges, readFeedPosition, readPropagation } from '@/lib/changes';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const api = (id: string) => ({ id, name: id, appIds: [], mode: 'enforce' as const });

describe('the change feed', () => {
  test('gives concurrent writers dense numbers in commit order, and a rollback leaves no gap', async () => {
    const before = await readFeedPosition(db.service.orm);
    await Promise.all([
      ...['a', 'b', 'c', 'd'].map((id) =>
        db.console.orm.transaction((tx) => appendChange(tx, 'api', api(id))),
      ),
      db.console.orm
        .transaction(async (tx) => {
          await appendChange(tx, 'api', api('lost'));
          throw new Error('rolled back on purpose');
        })
        .catch(() => undefined),
    ]);
    const page = await readChanges(db.service, before.epoch, before.seq);
    expect(page.kind).toBe('changes');
    if (page.kind !== 'changes') return;
    expect(page.changes.map((change) => change.seq)).toEqual([1, 2, 3, 4].map((step) => before.seq + step));
    expect(page.changes.map((change) => (change.payload as { id: string }).id).sort()).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
  });

  test('tells a reader to reload after a gap, a new epoch, or a restore that put the feed behind it', async () => {
    const head = await readFeedPosition(db.service.orm);
    expect(await readChanges(db.service, head.epoch, head.seq + 5)).toMatchObject({ kind: 'reload' });
    expect(await readChanges(db.service, crypto.randomUUID(), head.seq)).toMatchObject({
      kind: 'reload',
    });
    await db.owner.sql`delete from change_log where seq = ${head.seq - 1}`;
    expect(await readChanges(db.service, head.epoch, head.seq - 2)).toMatchObject({ kind: 'reload' });
  });

  test('tells a reader to reload where the feed went back and came past it with other changes', async () => {
    const append = (id: string) => db.console.orm.transaction((tx) => appendChange(tx, 'api', api(id)));
    for (const id of ['kept', 'undone']) await append(id);
    const reader = await readFeedPosition(db.service.orm);
    const read = () => readChanges(db.service, reader.epoch, reader.seq, 1000, reader.mark);
    expect(await read()).toMatchObject({ kind: 'changes', changes: [], mark: reader.mark });
    await db.owner.sql`delete from change_log where seq = ${reader.seq}`;
    await db.owner.sql`update change_feed set seq = seq - 1`;
    await append('instead');
    expect(await read()).toMatchObject({ kind: 'reload' });
    await append('after');
    expect(await read()).toMatchObject({ kind: 'reload' });
    const present = await readFeedPosition(db.service.orm);
    await append('next');
    const page = await readChanges(db.service, present.epoch, present.seq, 1000, present.mark);
    expect(page).toMatchObject({ kind: 'changes', mark: (await readFeedPosition(db.service.orm)).mark });
  });

  test('lets neither role rewrite the log', async () => {
    for (const role of [db.console, db.service]) {
      await expect(role.sql`update change_log set topic = 'x'`).rejects.toThrow(/permission denied/);
      await expect(role.sql`delete from audit_log`).rejects.toThrow(/permission denied/);
      await expect(role.sql`update change_feed set epoch = gen_random_uuid()`).rejects.toThrow(
        /permission denied/,
      );
    }
    await expect(db.console.sql`select sealed_private_key from signing_keys`).rejects.toThrow(
      /permission denied/,
    );
    await expect(db.service.sql`update vault_keys set id = 'x'`).rejects.toThrow(/permission denied/);
    await expect(db.service.sql`select password_hash from staff`).rejects.toThrow(/permission denied/);
  });

  test('counts nothing against a node that started after the change, whatever it acknowledges later', async () => {
    const seq = await db.console.orm.transaction((tx) => appendChange(tx, 'api', api('early')));
    await db.service.sql`insert into service_nodes
      (id, version, started_at, last_seen_at, epoch, applied_seq, clock_skew_ms)
      select 'late-node', 'test', clock_timestamp() + interval '1 hour', clock_timestamp(), epoch, seq, 0
      from change_feed`;
    await db.service.sql`insert into change_acks (seq, node_id, applied_at)
      values (${seq + 1}, 'late-node', clock_timestamp() + interval '2 hours')`;
    const [propagation] = await readPropagation(db.console.orm, [seq]);
    expect(propagation?.nodes).toMatchObject([{ nodeId: 'late-node', latencyMs: 0, measured: false }]);
    expect(propagation && propagationView(propagation)).toMatchObject({ enforced: true, slowestMs: null });
    await db.service.sql`delete from service_nodes`;
  });

  test('is not enforced while a node that fell silent may still go by what it knew', async () => {
    const seq = await db.console.orm.transaction((tx) => appendChange(tx, 'api', api('cut-off')));
    const seen = (id: string, secondsAgo: number, appliedSeq: number) => db.service.sql`
      insert into service_nodes (id, version, started_at, last_seen_at, epoch, applied_seq, clock_skew_ms)
      select ${id}, 'test', clock_timestamp() - interval '1 hour',
        clock_timestamp() - make_interval(secs => ${secondsAgo}), epoch, ${appliedSeq}, 0 from change_feed`;
    await seen('here', 0, seq);
    await seen('silent', 30, seq - 1);
    const view = async () => {
      const [propagation] = await readPropagation(db.console.orm, [seq]);
      return propagation && propagationView(propagation);
    };
    expect(await view()).toMatchObject({ enforced: false, enforcedNodes: 1, totalNodes: 2 });
    await db.service
      .sql`update service_nodes set last_seen_at = clock_timestamp() - interval '70 s' where id = 'silent'`;
    expect(await view()).toMatchObject({ enforced: true, enforcedNodes: 1, totalNodes: 1 });
  });
});
