import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedApp, seedEvent, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import type { Actor } from '@/lib/auth';
import { actorWith } from '@/lib/auth/testing/actors';
import { readChanges, readFeedPosition } from '@/lib/changes';
import type { CutOffRequest } from '@/lib/contracts';
import { systemClock } from '@/lib/core';
import { cutOff, readCutOffs, restoreCutOffs } from '@/lib/cut-offs';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  for (const app of ['bank', 'fleet', 'raced', 'broken', 'counted', 'other']) await seedApp(db.owner, app);
  await db.owner.sql`insert into apis (id, name, app_ids, mode, revision, created_at, updated_at)
    values ('payments', 'Payments', '{bank,fleet}', 'enforce', 1, now(), now()),
      ('ledger', 'Ledger', '{bank}', 'enforce', 1, now(), now())`;
});
afterAll(() => db.close());

const as = (actor: Actor) => ({ db: db.console, actor, clock: systemClock });
const responder = actorWith('responder');
const request = (changes: Partial<CutOffRequest> = {}): CutOffRequest => ({
  scope: 'app',
  target: 'bank',
  notBefore: null,
  reason: 'a laptop with tokens was stolen',
  ...changes,
});
const agoIso = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
const auditOf = (target: string) =>
  db.owner
    .sql`select action, reason, change_seq, app_id from audit_log where target_id = ${target} order by id`;

describe('a cut-off', () => {
  test('commits with one audit row and one change, at a whole second that is not before now', async () => {
    const before = await readFeedPosition(db.console.orm);
    const made = await cutOff(as(responder), request());
    const seconds = Date.parse(made.notBefore) / 1000;
    expect(Number.isInteger(seconds)).toBe(true);
    expect(seconds * 1000).toBeGreaterThanOrEqual(before.databaseNowMs);
    expect(seconds * 1000 - before.databaseNowMs).toBeLessThan(5_000);
    expect(made).toMatchObject({ scope: 'app', target: 'bank', appId: 'bank', seq: before.seq + 1 });
    expect(await readChanges(db.service, before.epoch, before.seq)).toMatchObject({
      changes: [{ topic: 'cut_off', payload: { id: made.id, target: 'bank', notBeforeSeconds: seconds } }],
    });
    const [row, ...more] = await auditOf('bank');
    expect(row).toMatchObject({ action: 'cut_off.create', reason: request().reason, app_id: 'bank' });
    expect(Number(row?.change_seq)).toBe(made.seq);
    expect(more).toHaveLength(0);
  });

  test('is for who is permitted it to all that it concerns', async () => {
    const denied: [Actor, Partial<CutOffRequest>][] = [
      [actorWith('analyst'), {}],
      [actorWith('auditor'), {}],
      [actorWith(null), {}],
      [actorWith('responder', 'fleet'), {}],
      [actorWith('responder', 'bank'), { scope: 'api', target: 'payments' }],
      [actorWith('responder', 'bank'), { scope: 'organisation', target: 'default' }],
    ];
    for (const [actor, changes] of denied) {
      await expect(cutOff(as(actor), request(changes))).rejects.toMatchObject({ code: 'permission_denied' });
    }
    await db.owner.sql`insert into apis (id, name, app_ids, mode, revision, created_at, updated_at)
      values ('nobodys', 'Nobody’s', '{}', 'enforce', 1, now(), now())`;
    const nobodys = request({ scope: 'api', target: 'nobodys' });
    await expect(cutOff(as(actorWith('responder', 'bank')), nobodys)).rejects.toMatchObject({
      code: 'permission_denied',
    });
    const instance = await seedInstance(db.owner, 'fleet');
    const own = { scope: 'instance', target: instance } as const;
    expect(await cutOff(as(actorWith('responder', 'fleet')), request(own))).toMatchObject({ appId: 'fleet' });
    const cli = { kind: 'cli', id: 'root', name: 'root (command line)' } as const;
    expect(await cutOff(as(cli), request({ scope: 'api', target: 'ledger' }))).toMatchObject({
      createdByName: 'root (command line)',
    });
  });

  test('is refused for what does not exist', async () => {
    const unknown: [Partial<CutOffRequest>, string][] = [
      [{ target: 'nowhere' }, 'app_not_found'],
      [{ scope: 'api', target: 'nowhere' }, 'api_not_found'],
      [{ scope: 'signing_key', target: 'A'.repeat(43) }, 'signing_key_not_found'],
      [{ scope: 'instance', target: crypto.randomUUID() }, 'instance_not_found'],
      [{ scope: 'instance', target: 'no-uuid' }, 'instance_not_found'],
      [{ scope: 'organisation', target: 'another' }, 'request_invalid'],
    ];
    for (const [changes, code] of unknown) {
      await expect(cutOff(as(responder), request(changes))).rejects.toMatchObject({ code });
    }
  });

  test('is refused in the future, and where one that refuses as much is in force', async () => {
    const target = { target: 'fleet' };
    const later = new Date(Date.now() + 60_000).toISOString();
    await expect(cutOff(as(responder), request({ ...target, notBefore: later }))).rejects.toMatchObject({
      code: 'request_invalid',
    });
    await cutOff(as(responder), request({ ...target, notBefore: agoIso(60) }));
    for (const notBefore of [agoIso(60), agoIso(600)]) {
      await expect(cutOff(as(responder), request({ ...target, notBefore }))).rejects.toMatchObject({
        code: 'cut_off_not_later',
      });
    }
    const latest = await cutOff(as(responder), request({ ...target, notBefore: agoIso(30) }));
    const { cutOffs } = await readCutOffs(as(actorWith('auditor')), { scope: 'app', ...target });
    expect(cutOffs.map(({ id }) => id)[0]).toBe(latest.id);
    expect(cutOffs).toHaveLength(2);
  });

  test('of 20 parallel calls for the same moment is made once', async () => {
    const notBefore = agoIso(5);
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => cutOff(as(responder), request({ target: 'raced', notBefore }))),
    );
    const made = results.filter((result) => result.status === 'fulfilled');
    expect(made).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'cut_off_not_later' });
    }
    expect(await auditOf('raced')).toHaveLength(1);
  });

  test('leaves nothing behind where its audit row cannot be written', async () => {
    const before = await readFeedPosition(db.console.orm);
    await db.owner.sql.unsafe(`create function refuse_audit() returns trigger language plpgsql as
      $$ begin raise exception 'no audit'; end $$;
      create trigger refuse_audit before insert on audit_log for each row execute function refuse_audit()`);
    await expect(cutOff(as(responder), request({ target: 'broken' }))).rejects.toThrow();
    await db.owner.sql.unsafe('drop trigger refuse_audit on audit_log');
    expect((await readFeedPosition(db.console.orm)).seq).toBe(before.seq);
    expect((await readCutOffs(as(responder), { scope: 'app', target: 'broken' })).cutOffs).toEqual([]);
  });

  test('can be changed or taken back by neither role', async () => {
    for (const role of [db.console, db.service]) {
      await expect(role.sql`update cut_offs set not_before = 'epoch'`).rejects.toThrow(/permission denied/);
      await expect(role.sql`delete from cut_offs`).rejects.toThrow(/permission denied/);
    }
  });
});

describe('the blast radius', () => {
  test('counts each device once that holds a token of before, and no other', async () => {
    const now = Date.now();
    const held = async (atMs: number, changes: Parameters<typeof seedEvent>[1] | object = {}) => {
      const instanceId = await seedInstance(db.owner, 'counted');
      await seedEvent(db.owner, { appId: 'counted', atMs, instanceId, ...changes });
      return instanceId;
    };
    const twice = await held(now - 60_000);
    await seedEvent(db.owner, { appId: 'counted', atMs: now - 90_000, instanceId: twice });
    await held(now - 120_000);
    // Expired, refused, and another app's.
    await held(now - 400_000);
    await held(now - 60_000, { verdict: 'rejected' });
    await held(now - 60_000, { appId: 'other' });
    const count = async (query: { scope: 'app' | 'instance'; target: string; notBefore?: string }) =>
      (await readCutOffs(as(responder), query)).devices;
    expect(await count({ scope: 'app', target: 'counted' })).toBe(2);
    expect(await count({ scope: 'app', target: 'counted', notBefore: agoIso(100) })).toBe(1);
    expect(await count({ scope: 'app', target: 'counted', notBefore: agoIso(200) })).toBe(0);
    expect(await count({ scope: 'instance', target: twice })).toBe(1);
    const all = await readCutOffs(as(responder), { scope: 'organisation', target: 'default' });
    expect(all.devices).toBe(3);
    // What is refused already is not refused again.
    await cutOff(as(responder), request({ scope: 'instance', target: twice }));
    expect(await count({ scope: 'app', target: 'counted' })).toBe(1);
    await cutOff(as(responder), request({ target: 'counted' }));
    expect(await count({ scope: 'app', target: 'counted' })).toBe(0);
    expect((await readCutOffs(as(responder), { scope: 'organisation', target: 'default' })).devices).toBe(1);
    await db.owner.sql`insert into signing_keys
      (kid, public_jwk, sealed_private_key, state, created_at, activated_at, revoked_at)
      values ('leaked', '{}', '', 'revoked', 'epoch', 'epoch', now())`;
    expect((await readCutOffs(as(responder), { scope: 'organisation', target: 'default' })).devices).toBe(0);
    await db.owner.sql`delete from signing_keys`;
  });

  test('of an API is told as far as it concerns apps that one may see', async () => {
    const fleet = await seedInstance(db.owner, 'fleet');
    await seedEvent(db.owner, { appId: 'fleet', atMs: Date.now() - 1_000, instanceId: fleet });
    const seenBy = async (appId: string | null) =>
      (await readCutOffs(as(actorWith('analyst', appId)), { scope: 'api', target: 'payments' })).devices;
    expect([await seenBy(null), await seenBy('fleet'), await seenBy('bank')]).toEqual([1, 1, 0]);
    await expect(seenBy('other')).rejects.toMatchObject({ code: 'permission_denied' });
    await cutOff(as(responder), request({ scope: 'api', target: 'payments' }));
    expect(await seenBy(null)).toBe(0);
  });

  test('is told to nobody whom it does not concern', async () => {
    const elsewhere = as(actorWith('responder', 'fleet'));
    for (const query of [
      { scope: 'app', target: 'counted' },
      { scope: 'organisation', target: 'default' },
    ] as const) {
      await expect(readCutOffs(elsewhere, query)).rejects.toMatchObject({ code: 'permission_denied' });
    }
  });
});

describe('after a restore', () => {
  test('a new epoch cuts the whole organisation off, and the audit log says so', async () => {
    const before = await readFeedPosition(db.console.orm);
    await db.owner.sql`update change_feed set epoch = gen_random_uuid()`;
    const { cutOffs } = await readCutOffs(as(responder), { scope: 'organisation', target: 'default' });
    expect(Date.parse(cutOffs[0]?.notBefore ?? '')).toBeGreaterThanOrEqual(before.databaseNowMs);
    expect((await auditOf('default')).at(-1)).toMatchObject({ action: 'cut_off.create' });
  });

  test('writes what it is told of back once, whoever asks and how often', async () => {
    const forgotten = {
      id: crypto.randomUUID(),
      scope: 'app' as const,
      target: 'other',
      notBeforeSeconds: Math.floor(Date.now() / 1000) - 100,
    };
    const counts = await Promise.all([1, 2, 3].map(() => restoreCutOffs(db.service, [forgotten])));
    expect(counts.toSorted()).toEqual([0, 0, 1]);
    const { cutOffs } = await readCutOffs(as(responder), { scope: 'app', target: 'other' });
    expect(cutOffs).toMatchObject([{ id: forgotten.id }]);
    const actions = (await auditOf('other')).map(({ action }) => action);
    expect(actions.filter((action) => action.startsWith('cut_off.'))).toEqual(['cut_off.restore']);
  });
});
