import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { vaultKeys } from '@/drizzle/schema';
import { seedApp } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { createApiKey, editApiKey, readApiKey, revokeApiKeyVersion, rotateApiKey } from '@/lib/api-keys';
import { actorWith, steppedUp } from '@/lib/auth/testing/actors';
import type { ApiKeyView } from '@/lib/contracts';
import { silentLogger, systemClock } from '@/lib/core';
import { createSealingKeyPair } from '@/lib/crypto';
import { hookSignature } from './hook-client';
import { runKeyRound } from './run-hooks';

const SECRET = 'the-secret-that-signs-0123456789ab';
const reason = 'a monthly rotation';
interface Asked {
  action: string;
  ref?: string;
  idempotencyKey: string;
  isSigned: boolean;
}
type Respond = (asked: Asked, response: http.ServerResponse) => void;

let db: TestDatabase;
let vaultPrivateKey: KeyObject;
let endpoint: http.Server;
let asked: Asked[] = [];
let respond: Respond;

/** An endpoint that makes a new value for every question, and revokes whatever it is told to. */
const good: Respond = ({ action }, response) => {
  const made = `made-by-the-hook-${asked.length}`;
  response.end(action === 'rotate' ? JSON.stringify({ value: made, ref: `ref-of-${made}` }) : '');
};

beforeAll(async () => {
  db = await createTestDatabase();
  const { publicJwk, privateKey } = await createSealingKeyPair();
  vaultPrivateKey = privateKey;
  await db.owner.orm
    .insert(vaultKeys)
    .values({ id: 'default', publicJwk, wrappedPrivateKey: Buffer.of(), createdAt: new Date() });
  await seedApp(db.owner, 'bank');
  endpoint = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const signature = String(request.headers['countersign-signature']);
    const seconds = Number(/^t=(\d+)/.exec(signature)?.[1]);
    const question: Asked = {
      ...(JSON.parse(body) as Pick<Asked, 'action' | 'ref'>),
      idempotencyKey: String(request.headers['idempotency-key']),
      isSigned: signature === hookSignature(SECRET, body, seconds * 1000),
    };
    asked.push(question);
    respond(question, response);
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  endpoint.closeAllConnections();
  endpoint.close();
  await db.close();
});
beforeEach(() => {
  asked = [];
  respond = good;
});

const ctx = () => ({ db: db.console, actor: steppedUp(actorWith('admin')), clock: systemClock });
const round = (limits = { allowPrivate: true, timeoutMs: 300 }) =>
  runKeyRound({ db: db.service, vaultPrivateKey, limits, logger: silentLogger });
const read = (key: ApiKeyView) => readApiKey(ctx(), { id: key.id });

let made = 0;
async function hooked(): Promise<ApiKeyView> {
  made += 1;
  const { port } = endpoint.address() as AddressInfo;
  const { key } = await createApiKey(ctx(), {
    ...{ appId: 'bank', name: `hooked-${made}`, kind: 'external' as const, apiIds: [] },
    value: `entered-by-hand-${made}`,
    hook: { url: `http://127.0.0.1:${port}/rotate`, secret: SECRET },
  });
  return key;
}

const request = (key: ApiKeyView, fromVersion: number, graceSeconds: 0 | 900 = 900) =>
  rotateApiKey(ctx(), { id: key.id, fromVersion, graceSeconds, reason });
/** What waits comes due now. */
async function due(): Promise<void> {
  await db.owner.sql`update api_key_rotations set due_at = now() - interval '1 s' where state = 'due'`;
  await db.owner.sql`update api_key_versions set external_revoke_due_at = now() - interval '1 s'
    where external_revoke_due_at is not null`;
}

describe('a rotation by the hook', () => {
  test('is asked for under a signature, and gives out the value that the hook returns', async () => {
    const key = await hooked();
    const { key: requested } = await request(key, 1);
    expect(requested.rotation).toMatchObject({ state: 'due', attempts: 0 });
    await round();
    expect(asked).toMatchObject([{ action: 'rotate', isSigned: true }]);
    const rotated = await read(key);
    expect(rotated.rotation?.state).toBe('done');
    expect(rotated.versions).toMatchObject([
      { version: 2, status: 'active', origin: 'hook' },
      { version: 1, status: 'retiring' },
    ]);
    await round();
    expect(asked).toHaveLength(1);
  });

  test('can be due once', async () => {
    const key = await hooked();
    const results = await Promise.allSettled([request(key, 1), request(key, 1)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await round();
    expect(asked).toHaveLength(1);
  });

  test('that the service does not live to commit is asked for again, as the same question', async () => {
    const key = await hooked();
    await request(key, 1);
    await db.owner.sql.unsafe(`create function refuse_audit() returns trigger language plpgsql as
      $$ begin raise exception 'no audit'; end $$;
      create trigger refuse_audit before insert on audit_log for each row execute function refuse_audit()`);
    await expect(round()).rejects.toThrow();
    await db.owner.sql.unsafe('drop trigger refuse_audit on audit_log; drop function refuse_audit');
    expect((await read(key)).versions).toHaveLength(1);
    await round();
    expect(asked).toHaveLength(2);
    expect(asked[1]?.idempotencyKey).toBe(asked[0]?.idempotencyKey);
    expect((await read(key)).versions[0]).toMatchObject({ version: 2, status: 'active' });
  });

  test.each<[string, Respond]>([
    ['hook_status', (_, response) => response.writeHead(500).end()],
    ['hook_redirected', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1/' }).end()],
    ['hook_timeout', () => undefined],
    ['hook_answer_too_large', (_, response) => response.end('x'.repeat(65 * 1024))],
    ['hook_answer_malformed', (_, response) => response.end('{')],
    ['hook_answer_malformed', (_, response) => response.end('{"value": "short"}')],
    [
      'hook_encoding_refused',
      (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
    ],
    ['hook_unreachable', (_, response) => response.destroy()],
  ])('fails with %s, changes nothing, and is tried again', async (code, bad) => {
    const key = await hooked();
    await request(key, 1);
    respond = bad;
    await round();
    const failed = await read(key);
    expect(failed.rotation).toMatchObject({ state: 'due', attempts: 1, lastError: code });
    expect(failed.versions).toHaveLength(1);
    respond = good;
    await round();
    expect((await read(key)).versions).toHaveLength(1);
    await due();
    await round();
    expect((await read(key)).versions[0]).toMatchObject({ version: 2, status: 'active' });
  });

  test('is given up after ten attempts, and can be asked for again', async () => {
    const key = await hooked();
    await request(key, 1);
    respond = (_, response) => response.writeHead(503).end();
    for (let attempt = 0; attempt < 10; attempt += 1) {
      await round();
      await due();
    }
    expect((await read(key)).rotation).toMatchObject({ state: 'failed', attempts: 10 });
    expect((await request(key, 1)).key.rotation?.state).toBe('due');
    respond = good;
    await round();
  });

  test('asks no private address where that is not allowed', async () => {
    const key = await hooked();
    await request(key, 1);
    await round({ allowPrivate: false, timeoutMs: 300 });
    expect(asked).toEqual([]);
    expect((await read(key)).rotation?.lastError).toBe('hook_url_refused');
    await due();
    await round();
  });

  test('ends at once where the hook has been taken away, and is asked for at a new address', async () => {
    const key = await hooked();
    await request(key, 1);
    await editApiKey(ctx(), { id: key.id, basedOn: 1, hook: null, reason });
    await round();
    expect(asked).toEqual([]);
    expect((await read(key)).rotation).toMatchObject({ state: 'failed', lastError: 'hook_removed' });
    const { port } = endpoint.address() as AddressInfo;
    const hook = { url: `http://127.0.0.1:${port}/moved`, secret: SECRET };
    await editApiKey(ctx(), { id: key.id, basedOn: 2, hook, reason });
    await request(key, 1);
    await round();
    expect(asked).toMatchObject([{ action: 'rotate', isSigned: true }]);
    expect((await read(key)).versions[0]).toMatchObject({ version: 2, status: 'active', origin: 'hook' });
  });

  test('with a secret that does not open is not asked for', async () => {
    const key = await hooked();
    await request(key, 1);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const limits = { allowPrivate: true };
    await runKeyRound({ db: db.service, vaultPrivateKey: privateKey, limits, logger: silentLogger });
    expect(asked).toEqual([]);
    expect((await read(key)).rotation?.lastError).toBe('hook_secret_unreadable');
    await due();
    await round();
  });

  test('is superseded by a person’s, and its value is revoked at the hook', async () => {
    const key = await hooked();
    await request(key, 1);
    await rotateApiKey(ctx(), {
      ...{ id: key.id, fromVersion: 1, graceSeconds: 0 as const, reason, value: 'entered-meanwhile' },
    });
    await round();
    const { versions, rotation } = await read(key);
    expect(rotation).toMatchObject({ state: 'failed', lastError: 'superseded' });
    expect(versions).toMatchObject([
      { version: 3, status: 'revoked', revokedWhy: 'discarded', hookRevocation: { done: true } },
      { version: 2, status: 'active' },
      { version: 1, status: 'revoked' },
    ]);
    expect(asked.map(({ action }) => action)).toEqual(['rotate', 'revoke']);
  });
});

describe('a version that the hook made', () => {
  async function made2(): Promise<ApiKeyView> {
    const key = await hooked();
    await request(key, 1);
    await round();
    asked = [];
    return key;
  }

  test('is revoked at the hook when it is revoked here, again and again until the hook did it', async () => {
    const key = await made2();
    await revokeApiKeyVersion(ctx(), { id: key.id, version: 2, reason, value: 'entered-afterwards' });
    respond = (_, response) => response.writeHead(500).end();
    await round();
    expect((await read(key)).versions[1]?.hookRevocation).toEqual({
      ...{ done: false, attempts: 1, lastError: 'hook_status' },
    });
    await round();
    expect(asked).toHaveLength(1);
    respond = good;
    await due();
    await round();
    expect((await read(key)).versions[1]?.hookRevocation).toMatchObject({ done: true, attempts: 2 });
    expect(new Set(asked.map(({ ref }) => ref)).size).toBe(1);
    expect(asked[0]?.ref).toMatch(/^ref-of-/);
    await due();
    await round();
    expect(asked).toHaveLength(2);
  });

  test('is revoked there as well when its grace is over', async () => {
    const key = await made2();
    await request(key, 2);
    await round();
    asked = [];
    await db.owner.sql`update api_key_versions set retires_at = now() - interval '1 s'
      where key_id = ${key.id} and version = 2`;
    await round();
    expect(asked).toMatchObject([{ action: 'revoke', isSigned: true }]);
    expect((await read(key)).versions[1]).toMatchObject({ status: 'revoked', revokedWhy: 'grace_over' });
  });
});
