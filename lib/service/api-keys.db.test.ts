import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { createApiKey, readApiKey, requireApiKey, revokeApiKeyVersion, rotateApiKey } from '@/lib/api-keys';
import { registerApi } from '@/lib/apps';
import { actorWith, steppedUp } from '@/lib/auth/testing/actors';
import type { ApiKeyRotationRequest, ApiKeyView } from '@/lib/contracts';
import { systemClock } from '@/lib/core';
import type { TestCa } from '@/lib/evidence/testing';
import type { RunningService } from './index';
import { Phone } from './testing/phone';
import { registerTestApp, startTestService, TEST_APP } from './testing/service';

const EXTERNAL = 'maps-third-party-value-0123456789';
const reason = 'for this test';
let db: TestDatabase;
let ca: TestCa;
let nodes: RunningService[];
/** Everything that the nodes logged. */
let log = '';
/** Every value that a phone was given. */
const values = new Set<string>();

beforeAll(async () => {
  db = await createTestDatabase();
  ca = await registerTestApp(db);
  const sink = new Writable({
    write(chunk, _, done) {
      log += String(chunk);
      done();
    },
  });
  const logger = pino({ level: 'debug' }, sink);
  nodes = await Promise.all([startTestService(db, { logger }), startTestService(db, { logger })]);
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await db.close();
});

const ctx = () => ({ db: db.console, actor: steppedUp(actorWith('admin')), clock: systemClock });
const url = () => nodes[0]?.url ?? '';

let made = 0;
/** A managed key with an API of its own, required where asked for. */
async function managed(isRequired: boolean): Promise<ApiKeyView & { api: string }> {
  made += 1;
  const api = `api-${made}`;
  await registerApi(ctx(), { id: api, name: api, appIds: [TEST_APP.id], mode: 'enforce' });
  const input = { appId: TEST_APP.id, name: `key-${made}`, kind: 'managed' as const, apiIds: [api] };
  const { key } = await createApiKey(ctx(), input);
  const { key: required, seq } = await requireApiKey(ctx(), { id: key.id, isRequired, reason });
  await applied(seq);
  return { ...required, api };
}

/** Waits until every node has applied a change. */
async function applied(seq: number | null): Promise<void> {
  await expect
    .poll(
      async () =>
        (
          await db.owner
            .sql`select 1 from service_nodes where applied_seq < ${seq ?? 0} and stopped_at is null`
        ).length,
      { interval: 5, timeout: 5_000 },
    )
    .toBe(0);
}

async function rotate(key: ApiKeyView, fromVersion: number, graceSeconds: number): Promise<number | null> {
  const request = { id: key.id, fromVersion, graceSeconds, reason } as ApiKeyRotationRequest;
  const { seq } = await rotateApiKey(ctx(), request);
  await applied(seq);
  return seq;
}

/** Attests, and gives what of this key was delivered. */
async function attest(phone: Phone, key: ApiKeyView, changes: Record<string, unknown> = {}) {
  const { body } =
    phone.instanceId === '' ? await phone.enrol(url(), changes) : await phone.attest(url(), changes);
  for (const { value } of body.apiKeys ?? []) values.add(value);
  return { token: body.token ?? '', delivered: body.apiKeys?.find(({ id }) => id === key.name) };
}

async function ask(api: string, token: string | null, apiKey: string | null, node = nodes[0]) {
  const headers = {
    ...(token === null ? {} : { 'attestation-token': token }),
    ...(apiKey === null ? {} : { 'x-api-key': apiKey }),
  };
  const answer = await fetch(`${node?.url}/v1/authorize?api=${api}`, { headers });
  return answer.status === 200 ? 'allowed' : answer.headers.get('x-attestation-code');
}

describe('delivery', () => {
  test('gives an attested instance its key once, and what it holds not again', async () => {
    const key = await managed(true);
    const phone = new Phone(ca, 'android');
    const { delivered, token } = await attest(phone, key);
    expect(delivered).toMatchObject({ version: 1 });
    expect(delivered?.value).toMatch(/^csk_[A-Za-z0-9_-]{43}$/);
    expect(await ask(key.api, token, delivered?.value ?? '')).toBe('allowed');
    const held = { apiKeys: { [key.name]: 1 } };
    expect((await attest(phone, key, held)).delivered).toBeUndefined();
    expect(await readApiKey(ctx(), { id: key.id })).toMatchObject({ devices: 1, devicesBehind: 0 });
  });

  test('gives nothing to an instance that is restricted, rejected or forged, and counts it nowhere', async () => {
    const key = await managed(true);
    const restricted = await new Phone(ca, 'android').enrol(url(), { signals: { privileged_access: true } });
    expect(restricted.body).toMatchObject({ status: 'restricted' });
    const rejected = await new Phone(ca, 'android').enrol(url(), { signals: { hooks: true } });
    expect(rejected.status).toBe(403);
    for (const { body } of [restricted, rejected]) expect(body.apiKeys).toBeUndefined();
    const phone = new Phone(ca, 'android');
    const enrolled = await attest(phone, key);
    expect(enrolled.delivered).toBeDefined();
    const forged = await phone.attestation(url());
    const answer = await fetch(`${url()}/v1/attestations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...forged, assertion: 'AAAA' }),
    });
    expect(JSON.stringify(await answer.json())).not.toContain('apiKeys');
    expect(await readApiKey(ctx(), { id: key.id })).toMatchObject({ devices: 1 });
  });

  test('gives an external key in the same way, and writes down who has it', async () => {
    made += 1;
    const { key, seq } = await createApiKey(ctx(), {
      ...{ appId: TEST_APP.id, name: 'maps', kind: 'external' as const, apiIds: [], value: EXTERNAL },
    });
    await applied(seq);
    const phone = new Phone(ca, 'ios');
    expect((await attest(phone, key)).delivered).toMatchObject({ version: 1, value: EXTERNAL });
    const rows = await db.owner.sql`select version from api_key_deliveries
      where key_id = ${key.id} and instance_id = ${phone.instanceId}`;
    expect(rows).toMatchObject([{ version: 1 }]);
  });

  test('where deliveries cannot be written down, gives the token and no key', async () => {
    const key = await managed(true);
    await db.owner.sql`revoke insert on api_key_deliveries from countersign_service`;
    const phone = new Phone(ca, 'android');
    const { token, delivered } = await attest(phone, key);
    await db.owner.sql`grant insert on api_key_deliveries to countersign_service`;
    expect(token).not.toBe('');
    expect(delivered).toBeUndefined();
    expect((await attest(phone, key)).delivered).toMatchObject({ version: 1 });
  });
});

describe('enforcement', () => {
  test('refuses requests without the key, with another, and with that of another API', async () => {
    const key = await managed(true);
    const other = await managed(true);
    const phone = new Phone(ca, 'android');
    const { token, delivered } = await attest(phone, key);
    const foreign = (await attest(new Phone(ca, 'android'), other)).delivered;
    expect(await ask(key.api, token, delivered?.value ?? '')).toBe('allowed');
    expect(await ask(key.api, token, null)).toBe('api_key_missing');
    expect(await ask(key.api, token, foreign?.value ?? '')).toBe('api_key_wrong');
    expect(await ask(key.api, null, delivered?.value ?? '')).toBe('token_missing');
  });

  test('only counts what is presented until the key is required', async () => {
    const key = await managed(false);
    const { token, delivered } = await attest(new Phone(ca, 'android'), key);
    expect(await ask(key.api, token, null)).toBe('allowed');
    expect(await ask(key.api, token, delivered?.value ?? '')).toBe('allowed');
    await expect
      .poll(async () => await readApiKey(ctx(), { id: key.id }), { timeout: 5_000 })
      .toMatchObject({
        requestsWithoutLastHour: 1,
        versions: [{ version: 1, requestsLastHour: 1, usingDevices: 1 }],
      });
  });

  test('gives the old version for as long as the grace on every node, and refuses it at its very end', async () => {
    const key = await managed(true);
    const phone = new Phone(ca, 'android');
    const { token, delivered } = await attest(phone, key);
    await rotate(key, 1, 2);
    const [row] = await db.owner.sql<{ end: number }[]>`
      select (extract(epoch from retires_at) * 1000)::float8 as end from api_key_versions
      where key_id = ${key.id} and version = 1`;
    const endMs = row?.end ?? 0;
    const seen: { fromMs: number; toMs: number; answer: string | null }[] = [];
    while (systemClock.nowMs() < endMs + 300) {
      for (const node of nodes) {
        const fromMs = systemClock.nowMs();
        const answer = await ask(key.api, token, delivered?.value ?? '', node);
        seen.push({ fromMs, toMs: systemClock.nowMs(), answer });
      }
      await sleep(5);
    }
    // The database runs on this machine: its clock is ours, but for how exactly a node has measured it.
    const early = seen.filter(({ toMs }) => toMs < endMs - 50);
    const late = seen.filter(({ fromMs }) => fromMs > endMs + 50);
    expect(early.length).toBeGreaterThan(20);
    expect(late.length).toBeGreaterThan(4);
    expect(new Set(early.map(({ answer }) => answer))).toEqual(new Set(['allowed']));
    expect(new Set(late.map(({ answer }) => answer))).toEqual(new Set(['api_key_revoked']));
  });

  test('lets no honest device be refused while a key is rotated: the new version is given out once all nodes know it', async () => {
    const key = await managed(true);
    const phone = new Phone(ca, 'android');
    let { token, delivered } = await attest(phone, key);
    await rotateApiKey(ctx(), { id: key.id, fromVersion: 1, graceSeconds: 900, reason });
    const versions: number[] = [];
    for (let i = 0; i < 14; i += 1) {
      const next = await attest(phone, key, { apiKeys: { [key.name]: delivered?.version ?? 0 } });
      token = next.token;
      delivered = next.delivered ?? delivered;
      versions.push(delivered?.version ?? 0);
      for (const node of nodes)
        expect(await ask(key.api, token, delivered?.value ?? '', node)).toBe('allowed');
      await sleep(300);
    }
    expect(versions[0]).toBe(1);
    expect(versions.at(-1)).toBe(2);
  });

  test('refuses at once what is revoked in an emergency, shows who still has it, and gives the successor', async () => {
    const key = await managed(true);
    const phone = new Phone(ca, 'android');
    const { token, delivered } = await attest(phone, key);
    const { key: revoked, seq } = await revokeApiKeyVersion(ctx(), { id: key.id, version: 1, reason });
    expect(revoked).toMatchObject({ devices: 1, devicesBehind: 1 });
    await applied(seq);
    for (const node of nodes) {
      expect(await ask(key.api, token, delivered?.value ?? '', node)).toBe('api_key_revoked');
      // A thief has the key, but no device.
      expect(await ask(key.api, null, delivered?.value ?? '', node)).toBe('token_missing');
    }
    await expect
      .poll(async () => (await readApiKey(ctx(), { id: key.id })).versions[1], { timeout: 5_000 })
      .toMatchObject({ status: 'revoked', revokedRequestsLastDay: 4 });
    const [event] = await db.owner
      .sql`select instance_id from request_events where outcome = 'api_key_revoked' and api_id = ${key.api}`;
    expect(event?.instance_id).toBe(phone.instanceId);
    await expect
      .poll(async () => (await readApiKey(ctx(), { id: key.id })).presenters, { timeout: 5_000 })
      .toMatchObject([{ instanceId: phone.instanceId, requests: 2 }]);
    const next = await attest(phone, key);
    expect(next.delivered).toMatchObject({ version: 2 });
    expect(await ask(key.api, next.token, next.delivered?.value ?? '')).toBe('allowed');
    expect(await readApiKey(ctx(), { id: key.id })).toMatchObject({ devicesBehind: 0 });
  });
});

test('no value stands in the database, in the change feed, in the audit log or in a log', async () => {
  expect(values.size).toBeGreaterThan(5);
  expect(values).toContain(EXTERNAL);
  const tables = await db.owner.sql<{ name: string }[]>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'`;
  for (const { name } of tables) {
    const rows = await db.owner.sql.unsafe<{ text: string }[]>(`select t::text as text from "${name}" as t`);
    const text = rows.map((row) => row.text).join('\n');
    for (const value of values) expect(text.includes(value), name).toBe(false);
  }
  for (const value of values) expect(log.includes(value)).toBe(false);
});
