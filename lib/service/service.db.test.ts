import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { blockInstance, liftBlock } from '@/lib/blocks';
import { readFeedPosition, readPropagation } from '@/lib/changes';
import type { Verdict } from '@/lib/contracts';
import { newId, type SessionId, type StaffId, systemClock } from '@/lib/core';
import type { TestCa } from '@/lib/evidence/testing';
import { decodeDetail } from '@/lib/telemetry';
import { publicKeyOf, verifyConfig } from '@/lib/tokens';
import type { RunningService } from './index';
import { Phone } from './testing/phone';
import { registerTestApp, startTestService, TEST_APP } from './testing/service';

let db: TestDatabase;
let ca: TestCa;
let service: RunningService;
beforeAll(async () => {
  db = await createTestDatabase();
  ca = await registerTestApp(db);
  service = await startTestService(db);
});
afterAll(async () => {
  await service.close();
  await db.close();
});

/** What the console's verbs run with, for someone who may block and unblock. */
const responder = () => ({
  db: db.console,
  actor: {
    kind: 'staff' as const,
    id: newId<StaffId>(1),
    name: 'Riley Responder',
    email: 'riley@example.com',
    grants: [{ role: 'responder' as const, appId: null }],
    sessionId: newId<SessionId>(1),
    steppedUpAt: null,
  },
  clock: systemClock,
});

const authorize = (token: string | null, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  fetch(`${service.url}/v1/authorize?api=${TEST_APP.apiId}`, {
    ...init,
    headers: { ...(token === null ? {} : { 'attestation-token': token }), ...headers },
  });

async function enrolled(changes: Record<string, unknown> = {}): Promise<{ phone: Phone; token: string }> {
  const phone = new Phone(ca, 'android');
  const { body } = await phone.enrol(service.url, changes);
  return { phone, token: body.token ?? '' };
}

describe.each(['ios', 'android'] as const)('the whole loop on %s', (platform) => {
  test('enrols, attests and is let through, and every step is an event', async () => {
    const phone = new Phone(ca, platform);
    const enrolment = await phone.enrol(service.url);
    expect(enrolment).toMatchObject({ status: 201, body: { status: 'trusted' } });
    const attested = await phone.attest(service.url);
    expect(attested).toMatchObject({ status: 200, body: { instanceId: phone.instanceId } });
    const allowed = await authorize(attested.body.token ?? '');
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get('x-attestation-status')).toBe('affirming');
    expect(allowed.headers.get('x-attestation-instance')).toBe(phone.instanceId);
    expect(allowed.headers.get('x-countersign-node')).toBe(service.nodeId);

    const events = await db.service.sql<{ kind: string; verdict: Verdict; detail: object }[]>`
      select kind, verdict, detail from attestation_events where instance_id = ${phone.instanceId} order by id`;
    expect(events.map(({ kind, verdict }) => [kind, verdict])).toEqual([
      ['enrol', 'trusted'],
      ['attest', 'trusted'],
    ]);
    for (const { verdict, detail } of events) {
      const decoded = decodeDetail(detail, { verdict, decidingRule: null, decidingThreat: null });
      expect(decoded.checks.map(({ outcome }) => outcome)).not.toContain('fail');
    }
    // What every attestation says is in the dictionary of details; without it each takes a kilobyte.
    expect(events[1]?.detail).not.toHaveProperty('unlisted');
  });
});

describe('forward auth', () => {
  test.each(['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('answers %s alike', async (method) => {
    const { token } = await enrolled();
    expect((await authorize(token, {}, { method })).status).toBe(200);
  });

  test.each([
    ['no token', () => authorize(null), 401, 'token_missing'],
    ['rubbish', () => authorize('rubbish'), 401, 'token_malformed'],
    [
      'a token with another signature',
      async () => authorize(resigned((await enrolled()).token)),
      401,
      'token_bad_signature',
    ],
  ])('refuses %s, and says why to the gateway', async (_, ask, status, code) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-attestation-code')).toBe(code);
    expect(answer.headers.get('x-attestation-instance')).toBeNull();
    expect(answer.headers.get('www-authenticate')).toBe('Attestation');
    expect(await answer.json()).toMatchObject({ code, status });
  });

  test('takes the token from Authorization as well, and the API from a header', async () => {
    const { token } = await enrolled();
    const answer = await fetch(`${service.url}/v1/authorize`, {
      headers: { authorization: `Attestation ${token}`, 'x-countersign-api': TEST_APP.apiId },
    });
    expect(answer.status).toBe(200);
  });

  test('takes the original path behind its own, as Envoy appends it, and then the API from the header alone', async () => {
    const { token } = await enrolled();
    const ask = (path: string, api: string) =>
      fetch(`${service.url}/v1/authorize${path}`, {
        headers: { 'attestation-token': token, 'x-countersign-api': api },
      });
    expect((await ask('/accounts/7?api=nope', TEST_APP.apiId)).status).toBe(200);
    expect((await ask(`/accounts/7?api=${TEST_APP.apiId}`, 'nope')).status).toBe(404);
    expect((await ask('ish', TEST_APP.apiId)).status).toBe(404);
  });

  test('lets a bound token through only beside what it is bound to', async () => {
    const bindingHash = createHash('sha256').update('access-token').digest('base64url');
    const { token } = await enrolled({ bindingHash });
    expect((await authorize(token, { authorization: 'Bearer access-token' })).status).toBe(200);
    const stolen = await authorize(token, { authorization: 'Bearer other-token' });
    expect(stolen.status).toBe(403);
    expect(stolen.headers.get('x-attestation-code')).toBe('token_binding_mismatch');
  });

  test('knows no API that is not registered', async () => {
    for (const query of ['', '?api=', '?api=nope', '?api=__proto__', `?api=${'x'.repeat(9_000)}`]) {
      expect((await fetch(`${service.url}/v1/authorize${query}`)).status).toBe(404);
    }
  });

  test('counts every decision, and keeps refused ones as rows up to a rate per network', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.40' };
    await Promise.all(Array.from({ length: 60 }, () => authorize(null, headers)));
    await expect
      .poll(async () => {
        const [row] = await db.service.sql<{ counted: number; kept: number }[]>`
          select (select coalesce(sum(requests), 0)::int from request_rollup_minutes where outcome = 'missing'
              and api_id = ${TEST_APP.apiId} and app_id = ${TEST_APP.id} and network_kind = 'unknown') as counted,
            (select count(*)::int from request_events where network_prefix = '203.0.113.0/24') as kept`;
        return { counted: row?.counted, isLimited: (row?.kept ?? 0) >= 10 && (row?.kept ?? 0) <= 20 };
      })
      .toEqual({ counted: 60, isLimited: true });
  });

  test('in observe mode lets everything through, and still says what it found', async () => {
    await db.owner.sql`update apis set mode = 'observe' where id = ${TEST_APP.apiId}`;
    const observing = await startTestService(db);
    try {
      const answer = await fetch(`${observing.url}/v1/authorize?api=${TEST_APP.apiId}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-attestation-code')).toBe('token_missing');
      expect(answer.headers.get('x-attestation-status')).toBe('none');
      expect(answer.headers.get('x-attestation-instance')).toBeNull();
    } finally {
      await observing.close();
      await db.owner.sql`update apis set mode = 'enforce' where id = ${TEST_APP.apiId}`;
    }
  });
});

/** The token with the last byte of its signature changed. */
function resigned(token: string): string {
  const [header, payload, signature] = token.split('.');
  const bytes = Buffer.from(signature ?? '', 'base64url');
  bytes[63] = (bytes[63] ?? 0) ^ 1;
  return `${header}.${payload}.${bytes.toString('base64url')}`;
}

describe('a block', () => {
  test('stops a token that was good before, and the next attestation; lifting it undoes both; all is acknowledged', async () => {
    const { phone, token } = await enrolled();
    expect((await authorize(token)).status).toBe(200);
    const block = await blockInstance(responder(), {
      instanceId: phone.instanceId,
      reason: 'fraud',
      durationSeconds: null,
    });
    await expect
      .poll(async () => (await authorize(token)).headers.get('x-attestation-code'))
      .toBe('device_blocked');
    expect((await authorize(token)).status).toBe(403);
    expect(await phone.attest(service.url)).toMatchObject({
      status: 403,
      body: { code: 'attestation_rejected' },
    });

    await liftBlock(responder(), { id: block.id, reason: 'mistake' });
    await expect.poll(async () => (await authorize(token)).status).toBe(200);
    expect((await phone.attest(service.url)).status).toBe(200);

    const head = await readFeedPosition(db.service.orm);
    await expect
      .poll(async () => {
        const [propagation] = await readPropagation(db.service.orm, [head.seq]);
        return propagation?.nodes.find(({ nodeId }) => nodeId === service.nodeId)?.latencyMs;
      })
      .toBeLessThan(2_000);
  });

  test("is told to the device only where the app's owner wants that", async () => {
    const { phone } = await enrolled();
    await blockInstance(responder(), {
      instanceId: phone.instanceId,
      reason: 'fraud',
      durationSeconds: null,
    });
    await db.owner.sql`update apps set tell_blocked = true where id = ${TEST_APP.id}`;
    await db.owner.sql`update change_feed set epoch = gen_random_uuid()`;
    await expect.poll(async () => (await phone.attest(service.url)).body.code).toBe('device_blocked');
  });

  test('ends by itself', async () => {
    const { phone, token } = await enrolled();
    await blockInstance(responder(), {
      instanceId: phone.instanceId,
      reason: 'for a minute',
      durationSeconds: 60,
    });
    await expect.poll(async () => (await authorize(token)).status).toBe(403);
    await db.owner.sql`
      update blocks set expires_at = clock_timestamp() - interval '1 second' where target = ${phone.instanceId}`;
    await db.owner.sql`update change_feed set epoch = gen_random_uuid()`;
    // A new epoch cuts off what was issued before it; a blocked device would get nothing new.
    const next = async () => (await phone.attest(service.url)).body.token ?? null;
    await expect.poll(async () => (await authorize(await next())).status).toBe(200);
  });
});

describe('public documents', () => {
  test('the configuration is signed by a published key, and not sent twice', async () => {
    const jwks = (await (await fetch(`${service.url}/.well-known/jwks.json`)).json()) as {
      keys: { kty: 'EC'; crv: 'P-256'; x: string; y: string; kid: string }[];
    };
    const answer = await fetch(`${service.url}/v1/apps/${TEST_APP.id}/config`);
    const keys = new Map(jwks.keys.map((key) => [key.kid, publicKeyOf(key)]));
    const expected = { issuer: 'https://attest.example', appId: TEST_APP.id };
    expect(verifyConfig(await answer.text(), keys, expected)).toMatchObject({ ok: true });
    const again = await fetch(answer.url, {
      headers: { 'if-none-match': `W/${answer.headers.get('etag')}` },
    });
    expect(again.status).toBe(304);
  });

  test('the keys hold no private member', async () => {
    const text = await (await fetch(`${service.url}/v1/apps/${TEST_APP.id}/jwks.json`)).text();
    for (const key of (JSON.parse(text) as { keys: object[] }).keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    }
  });

  test('the OpenAPI document describes every route', async () => {
    const document = (await (await fetch(`${service.url}/v1/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<string, unknown>;
      components: { schemas: Record<string, unknown> };
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/v1/challenges', '/v1/instances', '/v1/attestations', '/v1/authorize']),
    );
    for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(document.components.schemas).toHaveProperty(name ?? '');
    }
  });
});

describe('operations', () => {
  test('metrics stand on a port of their own', async () => {
    await authorize(null);
    const text = await (await fetch(`${service.opsUrl}/metrics`)).text();
    expect(text).toMatch(/countersign_decisions_total\{outcome="missing",allowed="false"\} \d+/);
    expect(text).toMatch(/countersign_applied_seq \d+/);
    expect((await fetch(`${service.url}/metrics`)).status).toBe(404);
  });

  test('a node is ready while it can commit, and not while it drains', async () => {
    const node = await startTestService(db);
    expect((await fetch(`${node.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${node.opsUrl}/readyz`)).status).toBe(200);
    await node.close();
    expect(node.readiness().isReady).toBe(false);
    const [row] = await db.service.sql<{ stopped: boolean }[]>`
      select stopped_at is not null as stopped from service_nodes where id = ${node.nodeId}`;
    expect(row?.stopped).toBe(true);
  });
});
