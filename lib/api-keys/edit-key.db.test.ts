import { afterAll, beforeAll, expect, test } from 'vitest';
import { vaultKeys } from '@/drizzle/schema';
import { seedApp } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { createApiKey, editApiKey, listApiKeys } from '@/lib/api-keys';
import { registerApi } from '@/lib/apps';
import type { Actor } from '@/lib/auth';
import { actorWith } from '@/lib/auth/testing/actors';
import type { ApiKeyEdit } from '@/lib/contracts';
import { systemClock } from '@/lib/core';
import { createSealingKeyPair } from '@/lib/crypto';

const VALUE = 'sk_live_a-third-partys-key-0123456789';
const HOOK = { url: 'https://keys.example.com/rotate', secret: 'hook-secret-0123456789-0123456789-a' };
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  const { publicJwk } = await createSealingKeyPair();
  await db.owner.orm
    .insert(vaultKeys)
    .values({ id: 'default', publicJwk, wrappedPrivateKey: Buffer.of(), createdAt: new Date() });
  for (const app of ['bank', 'fleet']) await seedApp(db.owner, app);
  for (const id of ['a', 'b', 'c']) {
    await registerApi(as(admin), { id: `${id}-api`, name: id, appIds: ['bank'], mode: 'enforce' });
  }
  await registerApi(as(admin), { id: 'fleet-api', name: 'fleet', appIds: ['fleet'], mode: 'enforce' });
});
afterAll(() => db.close());

const admin = actorWith('admin');
const as = (actor: Actor) => ({ db: db.console, actor, clock: systemClock });
const reason = 'the gateway was split';
let made = 0;
const keyOf = async (
  rest: { kind: 'managed'; apiIds: string[] } | { kind: 'external'; hook?: typeof HOOK },
) => {
  made += 1;
  const value = rest.kind === 'external' ? { value: VALUE } : {};
  return (
    await createApiKey(as(admin), { apiIds: [], ...rest, ...value, appId: 'bank', name: `key-${made}` })
  ).key;
};
const edit = (change: Omit<ApiKeyEdit, 'reason'>, actor: Actor = admin) =>
  editApiKey(as(actor), { ...change, reason });
const audits = (id: string) =>
  db.owner.sql`select action, reason, detail, change_seq from audit_log where target_id = ${id} order by id`;
const sealedHook = async (id: string) =>
  (await db.owner.sql`select sealed_hook_secret as sealed from api_keys where id = ${id}`)[0]?.sealed;

test('the APIs of a managed key change with one audit row, and the change that tells the nodes', async () => {
  const key = await keyOf({ kind: 'managed', apiIds: ['a-api'] });
  const { key: edited, seq } = await edit({ id: key.id, basedOn: 1, apiIds: ['a-api', 'b-api'] });
  expect(edited).toMatchObject({ apiIds: ['a-api', 'b-api'], revision: 2 });
  const [row] = await db.owner.sql`select payload from change_log where seq = ${seq}`;
  expect(row?.payload).toMatchObject({ id: key.id, apiIds: ['a-api', 'b-api'] });
  const rows = await audits(key.id);
  expect(rows.map(({ action }) => action)).toEqual(['api_key.create', 'api_key.edit']);
  expect(rows[1]).toMatchObject({
    reason,
    detail: { before: { apiIds: ['a-api'] }, after: { apiIds: ['a-api', 'b-api'] } },
    change_seq: String(seq),
  });
  const same = await edit({ id: key.id, basedOn: 2, apiIds: ['b-api', 'a-api'] });
  expect([same.seq, same.key.revision, (await audits(key.id)).length]).toEqual([null, 2, 2]);
  await edit({ id: key.id, basedOn: 2, apiIds: ['b-api'] });
});

test('of two edits on the same revision one wins, and the other is told', async () => {
  const key = await keyOf({ kind: 'external', hook: HOOK });
  const results = await Promise.allSettled([
    edit({ id: key.id, basedOn: 1, hook: null }),
    edit({ id: key.id, basedOn: 1, hook: { ...HOOK, url: 'https://other.example.com/rotate' } }),
  ]);
  const codes = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'edited'));
  expect(codes.sort()).toEqual(['edit_conflict', 'edited']);
  expect(await audits(key.id)).toHaveLength(2);
});

test('a hook gets another secret, is taken away, and is added; no secret stands in the log', async () => {
  const key = await keyOf({ kind: 'external', hook: HOOK });
  const sealed = await sealedHook(key.id);
  const secret = 'hook-secret-0123456789-0123456789-b';
  const moved = await edit({ id: key.id, basedOn: 1, hook: { url: 'https://b.example.com/', secret } });
  expect(moved.key).toMatchObject({ hookUrl: 'https://b.example.com/', revision: 2 });
  expect(await sealedHook(key.id)).not.toBe(sealed);
  const removed = await edit({ id: key.id, basedOn: 2, hook: null });
  expect([removed.key.hookUrl, await sealedHook(key.id)]).toEqual([null, null]);
  const added = await edit({ id: key.id, basedOn: 3, hook: HOOK });
  expect(added.key.hookUrl).toBe(HOOK.url);
  const kept = await edit({ id: key.id, basedOn: 4, hook: { url: HOOK.url } });
  expect([kept.seq, kept.key.revision]).toEqual([null, 4]);
  const logged = JSON.stringify([await audits(key.id), await db.owner.sql`select payload from change_log`]);
  for (const entered of [secret, HOOK.secret]) expect(logged).not.toContain(entered);
});

test.each<[string, 'managed' | 'external', Partial<ApiKeyEdit>, object]>([
  ['an API of another app', 'managed', { apiIds: ['c-api', 'fleet-api'] }, { code: 'api_not_found' }],
  ['an API that checks another key', 'managed', { apiIds: ['b-api'] }, { code: 'api_key_already_exists' }],
  ['no API at all', 'managed', { apiIds: [] }, { fields: { apiIds: expect.anything() } }],
  ['a hook for a managed key', 'managed', { hook: HOOK }, { fields: { hook: expect.anything() } }],
  [
    'an API for a third party’s key',
    'external',
    { apiIds: ['a-api'] },
    { fields: { apiIds: expect.anything() } },
  ],
  [
    'another address under the same secret',
    'external',
    { hook: { url: 'https://b.example.com/' } },
    { fields: { 'hook.secret': expect.anything() } },
  ],
])('%s is refused, and nothing changes', async (_, kind, change, refusal) => {
  const own = `own-${made}`;
  await registerApi(as(admin), { id: own, name: own, appIds: ['bank'], mode: 'enforce' });
  const key = await keyOf(kind === 'managed' ? { kind, apiIds: [own] } : { kind, hook: HOOK });
  await expect(edit({ id: key.id, basedOn: 1, ...change })).rejects.toMatchObject(refusal);
  const { keys } = await listApiKeys(as(admin));
  expect(keys.find(({ id }) => id === key.id)).toMatchObject({ revision: 1, apiIds: key.apiIds });
  expect(await audits(key.id)).toHaveLength(1);
});

test('is an admin’s of the app', async () => {
  const key = await keyOf({ kind: 'external' });
  for (const actor of [actorWith('responder'), actorWith('auditor'), actorWith('admin', 'fleet')]) {
    await expect(edit({ id: key.id, basedOn: 1, hook: HOOK }, actor)).rejects.toMatchObject({
      code: 'permission_denied',
    });
  }
});
