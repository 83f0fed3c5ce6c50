import type postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith, steppedUp } from '@/lib/auth/testing/actors';
import { type CutOffScope, revocationsSchema } from '@/lib/contracts';
import { systemClock } from '@/lib/core';
import { cutOff } from '@/lib/cut-offs';
import { openDatabase } from '@/lib/db';
import type { TestCa } from '@/lib/evidence/testing';
import { listSigningKeys, requestRotation, revokeSigningKey } from '@/lib/signing-keys';
import type { RunningService } from './index';
import { Phone } from './testing/phone';
import { registerTestApp, startTestService, TEST_APP } from './testing/service';

let db: TestDatabase;
let ca: TestCa;
const running: RunningService[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
  ca = await registerTestApp(db);
});
afterAll(() => db.close());
afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.close()));
});

const within = { timeout: 4_000, interval: 20 };
const RESPONDER = steppedUp(actorWith('responder'));
const responder = () => ({ db: db.console, actor: RESPONDER, clock: systemClock });
const reason = 'an exercise';

async function start(): Promise<RunningService> {
  const service = await startTestService(db);
  running.push(service);
  await expect.poll(() => keyIn('staged'), within).toBeDefined();
  return service;
}
const keyIn = async (state: string) =>
  (await listSigningKeys(responder())).keys.find((key) => key.state === state)?.kid;
async function kidIn(state: string): Promise<string> {
  const kid = await keyIn(state);
  if (kid === undefined) throw new Error(`no key is ${state}`);
  return kid;
}

/** A token that was issued so many seconds ago, as far as its `iat` says; its signature is the service's own. */
async function tokenOf(service: RunningService): Promise<{ token: string; phone: Phone; kid: string }> {
  const phone = new Phone(ca, 'android');
  const { token = '' } = (await phone.enrol(service.url)).body;
  return { token, phone, kid: kidOf(token) };
}
const kidOf = (token: string) =>
  String((JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid);
const iatOf = (token: string) =>
  (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { iat: number }).iat;

async function ask(service: RunningService, token: string): Promise<string> {
  const response = await fetch(`${service.url}/v1/authorize?api=${TEST_APP.apiId}`, {
    headers: { 'attestation-token': token },
  });
  await response.arrayBuffer();
  return response.headers.get('x-attestation-code') ?? String(response.status);
}
const published = async (service: RunningService) => {
  const response = await fetch(`${service.url}/.well-known/jwks.json`);
  return ((await response.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
};
const nextSecond = async (token: string) => {
  while (Date.now() / 1000 < iatOf(token) + 1) await new Promise((resolve) => setTimeout(resolve, 20));
};
/** As if the next key had been published for long enough. */
const publishedLongAgo = () =>
  db.owner
    .sql`update signing_keys set created_at = created_at - interval '10 minutes' where state = 'staged'`;

/** Takes the change feed back to `seq`. Its counter is locked first: what a node announces meanwhile comes after it. */
async function rewindFeed(sql: postgres.TransactionSql, seq: number): Promise<void> {
  await sql`select 1 from change_feed for update`;
  await sql`delete from change_log where seq > ${seq}`;
  await sql`update change_feed set seq = ${seq}`;
}

/** Work whose commit wakes nobody, as if every notification of it had been lost: it has to be found. */
async function withoutWakeUp<T>(work: () => Promise<T>): Promise<T> {
  const setting = (change: string) =>
    db.owner.sql.unsafe(`do $$ begin
      execute format('alter role countersign_console in database %I ${change}', current_database()); end $$`);
  await db.owner.sql.unsafe(`create schema if not exists silent;
    grant usage on schema silent to public;
    create or replace function silent.pg_notify(text, text) returns void language sql as 'select'`);
  await setting('set search_path = silent, pg_catalog, public');
  const silent = openDatabase({ url: db.consoleUrl, applicationName: 'silent', max: 1 });
  const usual = db.console;
  db.console = silent;
  try {
    const [found] = await silent.sql`
      select 'pg_notify(text, text)'::regprocedure = 'silent.pg_notify(text, text)'::regprocedure as "isSilent"`;
    expect(found?.isSilent).toBe(true);
    return await work();
  } finally {
    db.console = usual;
    await silent.close();
    await setting('reset search_path');
  }
}

describe('a cut-off', () => {
  test.each<[CutOffScope, (made: { phone: Phone; kid: string }) => string]>([
    ['organisation', () => 'default'],
    ['app', () => TEST_APP.id],
    ['signing_key', ({ kid }) => kid],
    ['api', () => TEST_APP.apiId],
    ['instance', ({ phone }) => phone.instanceId],
  ])('of the %s refuses tokens of before on every node, and none of after', async (scope, targetOf) => {
    const [first, second] = [await start(), await start()];
    const made = await tokenOf(first);
    for (const node of [first, second]) expect(await ask(node, made.token)).toBe('200');
    await nextSecond(made.token);
    await cutOff(responder(), { scope, target: targetOf(made), notBefore: null, reason });
    for (const node of [first, second]) {
      await expect.poll(() => ask(node, made.token), within).toBe('token_revoked');
    }
    const after = (await made.phone.attest(second.url)).body.token ?? '';
    if (scope === 'api') await nextSecond(after);
    const good = scope === 'api' ? ((await made.phone.attest(second.url)).body.token ?? '') : after;
    for (const node of [first, second]) expect(await ask(node, good)).toBe('200');
  });

  test('is found where its wake-up was lost', async () => {
    const service = await start();
    const { token } = await tokenOf(service);
    await nextSecond(token);
    const began = Date.now();
    await withoutWakeUp(() =>
      cutOff(responder(), { scope: 'app', target: TEST_APP.id, notBefore: null, reason }),
    );
    await expect.poll(() => ask(service, token), within).toBe('token_revoked');
    expect(Date.now() - began).toBeLessThan(2_000);
  });

  test('leaves tokens alone that were issued after its moment', async () => {
    const service = await start();
    const { token } = await tokenOf(service);
    const notBefore = new Date(iatOf(token) * 1000).toISOString();
    const { seq } = await cutOff(responder(), {
      scope: 'organisation',
      target: 'default',
      notBefore,
      reason,
    });
    const isApplied = async () =>
      (await db.owner.sql`select 1 from service_nodes where stopped_at is null and applied_seq >= ${seq}`)
        .length;
    await expect.poll(isApplied, within).toBe(1);
    expect(await ask(service, token)).toBe('200');
  });

  test('holds after every node has started again', async () => {
    const service = await start();
    const { token } = await tokenOf(service);
    await nextSecond(token);
    await cutOff(responder(), { scope: 'app', target: TEST_APP.id, notBefore: null, reason });
    await running.splice(0)[0]?.close();
    expect(await ask(await start(), token)).toBe('token_revoked');
  });

  test('is not lost with a restore to before it: nodes remember it, and write it back for others', async () => {
    const service = await start();
    const { token, phone } = await tokenOf(service);
    await nextSecond(token);
    const backup = await db.owner.sql`select seq from change_feed`;
    const target = phone.instanceId;
    const { id, seq } = await cutOff(responder(), { scope: 'instance', target, notBefore: null, reason });
    await expect.poll(() => ask(service, token), within).toBe('token_revoked');
    await db.owner.sql.begin(async (sql) => {
      await rewindFeed(sql, Number(backup[0]?.seq));
      await sql`delete from cut_offs where id = ${id}`;
    });
    const isBack = async () => (await db.owner.sql`select 1 from cut_offs where id = ${id}`).length;
    await expect.poll(isBack, within).toBe(1);
    expect(seq).toBeGreaterThan(0);
    expect(await ask(service, token)).toBe('token_revoked');
    expect(await ask(await start(), token)).toBe('token_revoked');
  });

  test('comes with a new epoch, for what was lost while no node ran', async () => {
    const before = await start();
    const { token } = await tokenOf(before);
    await running.splice(0)[0]?.close();
    await nextSecond(token);
    await db.owner.sql`update change_feed set epoch = gen_random_uuid()`;
    expect(await ask(await start(), token)).toBe('token_revoked');
  });
});

describe('the signing keys', () => {
  test('of a rotation: the next one signs, tokens of the one before stay good, and both are published', async () => {
    const [first, second] = [await start(), await start()];
    const { token, kid } = await tokenOf(first);
    const next = await kidIn('staged');
    for (const node of [first, second]) expect(await published(node)).toContain(next);
    await requestRotation(responder(), { reason });
    await publishedLongAgo();
    const signs = async (node: RunningService) => (await tokenOf(node)).kid;
    for (const node of [first, second])
      await expect.poll(() => signs(node), { ...within, timeout: 8_000 }).toBe(next);
    for (const node of [first, second]) {
      expect(await ask(node, token)).toBe('200');
      expect(await published(node)).toEqual(expect.arrayContaining([kid, next]));
    }
    expect(await kidIn('retiring')).toBe(kid);
  });

  test('that have retired are published no more, and vouch for nothing', async () => {
    const service = await start();
    const { token, kid } = await tokenOf(service);
    await publishedLongAgo();
    await requestRotation(responder(), { reason });
    await expect.poll(async () => (await tokenOf(service)).kid, within).not.toBe(kid);
    await db.owner.sql`update signing_keys set retires_at = now() where kid = ${kid}`;
    await expect.poll(() => published(service), { ...within, timeout: 8_000 }).not.toContain(kid);
    expect(await ask(service, token)).toBe('token_revoked');
  });

  test.each([
    ['at once', <T>(work: () => Promise<T>) => work()],
    ['where the wake-up was lost', withoutWakeUp],
  ])(
    'that are revoked refuse their tokens %s, and the next one signs without a pause',
    async (_how, during) => {
      const [first, second] = [await start(), await start()];
      const { token, phone, kid } = await tokenOf(first);
      const next = await kidIn('staged');
      await during(() => revokeSigningKey(responder(), { kid, reason: 'it leaked' }));
      for (const node of [first, second]) {
        await expect.poll(() => ask(node, token), within).toBe('token_revoked');
        expect(node.readiness()).toMatchObject({ isReady: true });
        const answer = await phone.attest(node.url);
        expect([answer.status, kidOf(answer.body.token ?? '')]).toEqual([200, next]);
        expect(await ask(node, answer.body.token ?? '')).toBe('200');
        expect(await published(node)).not.toContain(kid);
      }
      await expect.poll(() => keyIn('staged'), within).not.toBe(next);
      expect(await kidIn('active')).toBe(next);
    },
  );

  test('that were revoked stay so after a restart, and after a restore to before it', async () => {
    const service = await start();
    const { token, kid } = await tokenOf(service);
    const [backup] = await db.owner.sql`select seq from change_feed`;
    await revokeSigningKey(responder(), { kid, reason: 'it leaked' });
    await expect.poll(() => ask(service, token), within).toBe('token_revoked');
    await db.owner.sql.begin(async (sql) => {
      await rewindFeed(sql, Number(backup?.seq));
      await sql`set local session_replication_role = replica`;
      await sql`update signing_keys set state = 'active', status = 'active', revoked_at = null where kid = ${kid}`;
    });
    await expect.poll(() => stateOf(kid), within).toBe('revoked');
    expect(await ask(service, token)).toBe('token_revoked');
    await Promise.all(running.splice(0).map((node) => node.close()));
    const again = await start();
    expect(await ask(again, token)).toBe('token_revoked');
    expect((await tokenOf(again)).kid).not.toBe(kid);
  });
});

describe('relying parties that verify locally', () => {
  test('are told of cut-offs and revoked keys while they wait, by a position that they hold', async () => {
    const service = await start();
    const read = async (query: string) => fetch(`${service.url}/v1/revocations?${query}`);
    const first = revocationsSchema.parse(await (await read('')).json());
    const from = `epoch=${first.epoch}&after=${first.seq}`;
    expect((await read(from)).status).toBe(204);
    const waits = read(`${from}&waitSeconds=10`);
    const { target, notBefore } = await cutOff(responder(), {
      scope: 'api',
      target: TEST_APP.apiId,
      notBefore: null,
      reason,
    });
    const news = revocationsSchema.parse(await (await waits).json());
    const notBeforeSeconds = Date.parse(notBefore) / 1000;
    expect(news.cutOffs).toContainEqual({ scope: 'api', target, notBeforeSeconds });
    const kid = await kidIn('active');
    const next = read(`epoch=${news.epoch}&after=${news.seq}&waitSeconds=10`);
    await revokeSigningKey(responder(), { kid, reason });
    expect(revocationsSchema.parse(await (await next).json()).revokedKeys).toContain(kid);
    for (const wrong of ['after=-1', 'waitSeconds=26', 'epoch=x']) {
      expect((await read(wrong)).status).toBe(422);
    }
  });

  test('that wait do not keep a node from ending', async () => {
    const service = await start();
    const { epoch, seq } = revocationsSchema.parse(
      await (await fetch(`${service.url}/v1/revocations`)).json(),
    );
    const waits = fetch(`${service.url}/v1/revocations?epoch=${epoch}&after=${seq + 100}&waitSeconds=25`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const began = Date.now();
    await running.splice(0)[0]?.close();
    expect((await waits).status).toBe(204);
    expect(Date.now() - began).toBeLessThan(2_000);
  });
});

const stateOf = async (kid: string) =>
  (await listSigningKeys(responder())).keys.find((key) => key.kid === kid)?.state;
