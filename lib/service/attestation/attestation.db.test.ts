import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import type { Verdict } from '@/lib/contracts';
import { toBase64Url } from '@/lib/core';
import { createDeviceKey, signClientData, type TestCa } from '@/lib/evidence/testing';
import { decodeDetail } from '@/lib/telemetry';
import type { RunningService } from '../index';
import { Phone, post } from '../testing/phone';
import { registerTestApp, startTestService, TEST_APP } from '../testing/service';

let db: TestDatabase;
let ca: TestCa;
let nodes: [RunningService, RunningService];
let url: string;
beforeAll(async () => {
  db = await createTestDatabase();
  ca = await registerTestApp(db);
  nodes = [await startTestService(db), await startTestService(db)];
  url = nodes[0].url;
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await db.close();
});

interface EventRow {
  verdict: Verdict;
  decidingThreat: string | null;
  decidingRule: string | null;
  instanceId: string | null;
  platform: string;
  detail: unknown;
}

/** The event that a reference finds. */
async function eventOf(reference: string | undefined): Promise<EventRow> {
  const [row] = await db.service.sql<EventRow[]>`
    select verdict, deciding_threat as "decidingThreat", deciding_rule as "decidingRule", instance_id as "instanceId", platform, detail
    from attestation_events where reference = ${reference ?? ''}`;
  if (row === undefined) throw new Error(`No event has the reference ${reference}.`);
  return { ...row, detail: decodeDetail(row.detail, row) };
}

/** What is stored of an instance. */
async function instanceOf(id: string) {
  const [row] = await db.service.sql<{ verdict: string; counter: number; evidence_at: string }[]>`
    select verdict, counter::int as counter, evidence_at from device_instances where id = ${id}`;
  return row;
}

async function enrolled(platform: 'ios' | 'android'): Promise<Phone> {
  const phone = new Phone(ca, platform);
  expect((await phone.enrol(url)).status).toBe(201);
  return phone;
}

/** How many rows everything has that an attestation writes, counts excepted, which are folded at any time. */
async function rowCounts() {
  const [row] = await db.owner.sql`
    select (select count(*) from attestation_events) as events, (select count(*) from consumed_challenges) as challenges,
      (select count(*) from device_instances) as instances, (select count(*) from device_days) as days`;
  return { ...row };
}

/** How many events each rollup counts, and how many batches wait to be counted. */
async function countedEvents() {
  const [row] = await db.owner.sql`
    select (select coalesce(sum(events), 0) from attestation_rollup_minutes) as minutes,
      (select coalesce(sum(events), 0) from attestation_rollup_hours) as hours,
      (select count(*) from rollup_journal) as waiting`;
  return { ...row };
}

describe('a commit', () => {
  test.each([
    'attestation_events',
    'rollup_journal',
    'device_days',
    'device_instances',
    'consumed_challenges',
  ])(
    'that fails in %s leaves nothing behind and gives no token, and the same request works later',
    async (table) => {
      const phone = new Phone(ca, 'android');
      const body = await phone.enrolment(url);
      const before = await rowCounts();
      await db.owner.sql.unsafe(`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'disk full'; end $$;
      create trigger refuse before insert on ${table} for each row execute function refuse();`);
      const refused = await post(`${url}/v1/instances`, body);
      await db.owner.sql.unsafe('drop function refuse() cascade');
      expect(refused).toMatchObject({ status: 503, body: { code: 'service_unavailable' } });
      expect(refused.body.token).toBeUndefined();
      expect(await rowCounts()).toEqual(before);
      expect((await post(`${url}/v1/instances`, body)).status).toBe(201);
    },
  );

  test('is counted in both rollups soon after, and once', async () => {
    await enrolled('ios');
    const { events } = await rowCounts();
    await expect
      .poll(countedEvents, { timeout: 5_000, interval: 50 })
      .toEqual({ minutes: events, hours: events, waiting: '0' });
  });
});

describe('a challenge', () => {
  test('is won by the first of 100 concurrent uses, on every node', async () => {
    const phone = await enrolled('android');
    const body = await phone.attestation(url);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => post(`${nodes[index % 2]?.url}/v1/attestations`, body)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status === 403);
    expect(refused).toHaveLength(99);
    expect((await eventOf(refused[0]?.body.reference)).decidingThreat).toBe('challenge_replayed');
    expect((await instanceOf(phone.instanceId))?.verdict).toBe('trusted');
  });

  test.each([
    ['no challenge', 'AAAA'],
    ['forged', toBase64Url(Buffer.alloc(54))],
  ])('that is %s is refused, and leaves an event', async (_, challenge) => {
    const phone = new Phone(ca, 'android');
    const clientData = phone.clientData(challenge);
    const answer = await post(`${url}/v1/instances`, {
      clientData: toBase64Url(clientData),
      evidence: phone.evidence(clientData),
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'challenge_invalid' } });
    expect(await eventOf(answer.body.reference)).toMatchObject({
      verdict: 'rejected',
      decidingThreat: 'challenge_replayed',
      instanceId: null,
    });
  });
});

describe('an App Attest counter', () => {
  test('is won by one of two concurrent assertions with the same value, on every node', async () => {
    for (let round = 0; round < 5; round++) {
      const phone = await enrolled('ios');
      const bodies = [await phone.attestation(url, {}, 7), await phone.attestation(url, {}, 7)];
      const answers = await Promise.all(
        bodies.map((body, index) => post(`${nodes[index]?.url}/v1/attestations`, body)),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
      expect((await instanceOf(phone.instanceId))?.counter).toBe(7);
      const lost = answers.find(({ status }) => status === 403);
      expect((await eventOf(lost?.body.reference)).decidingThreat).toBe('counter_rollback');
    }
  });

  test('never falls', async () => {
    const phone = await enrolled('ios');
    expect((await phone.attest(url, {}, 5)).status).toBe(200);
    expect((await phone.attest(url, {}, 4)).status).toBe(403);
    expect((await instanceOf(phone.instanceId))?.counter).toBe(5);
  });
});

describe('an enrolled key', () => {
  test('of App Attest does not enrol again, with whatever fresh challenge', async () => {
    const phone = await enrolled('ios');
    await phone.attest(url);
    const before = await instanceOf(phone.instanceId);
    const again = await phone.enrol(url);
    expect(again).toMatchObject({ status: 403, body: { code: 'attestation_rejected' } });
    expect((await eventOf(again.body.reference)).decidingThreat).toBe('counter_rollback');
    expect(await instanceOf(phone.instanceId)).toEqual(before);
  });

  test('of Android renews its evidence under the same instance', async () => {
    const phone = await enrolled('android');
    const first = phone.instanceId;
    const before = await instanceOf(first);
    expect((await phone.enrol(url)).status).toBe(201);
    expect(phone.instanceId).toBe(first);
    expect((await instanceOf(first))?.evidence_at).not.toBe(before?.evidence_at);
  });

  test('is known to no other app', async () => {
    const phone = await enrolled('android');
    await registerOtherApp();
    const clientData = phone.clientData(await phone.challenge(url, 'fleet-driver'), {
      appId: 'fleet-driver',
    });
    const answer = await post(`${url}/v1/attestations`, {
      instanceId: phone.instanceId,
      clientData: toBase64Url(clientData),
      assertion: phone.assertion(clientData),
    });
    expect(answer).toMatchObject({ status: 404, body: { code: 'instance_not_found' } });
    expect(await eventOf(answer.body.reference)).toMatchObject({ verdict: 'rejected', instanceId: null });
  });
});

async function registerOtherApp(): Promise<void> {
  await registerTestApp(db, {
    id: 'fleet-driver',
    appleBundleIds: ['com.example.fleet'],
    androidPackages: ['com.example.fleet'],
  }).catch((error: unknown) => {
    // Only the API is refused: it exists already, and this app needs none.
    if (!(error instanceof Error && 'code' in error && error.code === 'api_already_exists')) throw error;
  });
  await expect
    .poll(async () => (await new Phone(ca, 'ios').challenge(url, 'fleet-driver')).length)
    .toBeGreaterThan(20);
}

describe('a rejection', () => {
  test('by the policy tells a reference and no reason, and the console can find out', async () => {
    const phone = await enrolled('android');
    const answer = await phone.attest(url, { signals: { hooks: true } });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.body).sort()).toEqual(['code', 'reference', 'status', 'title', 'type']);
    expect(await eventOf(answer.body.reference)).toMatchObject({
      verdict: 'rejected',
      decidingThreat: 'hooks',
      instanceId: phone.instanceId,
    });
    expect((await instanceOf(phone.instanceId))?.verdict).toBe('rejected');
  });

  test('for a signature by another key changes nothing about the instance that it names', async () => {
    const phone = await enrolled('android');
    const body = await phone.attestation(url);
    const forged = toBase64Url(signClientData(createDeviceKey(), Buffer.from(body.clientData, 'base64url')));
    const answer = await post(`${url}/v1/attestations`, { ...body, assertion: forged });
    expect(await eventOf(answer.body.reference)).toMatchObject({
      verdict: 'rejected',
      decidingThreat: 'signature_invalid',
      instanceId: phone.instanceId,
    });
    expect((await instanceOf(phone.instanceId))?.verdict).toBe('trusted');
  });

  test.each([
    ['no evidence', undefined],
    ['evidence of no known format', { format: 'self-declared' }],
    ['garbage in a known format', { format: 'apple-app-attest', keyId: 'AA', attestationObject: 'AAAA' }],
    ['certificates that are none', { format: 'android-key-attestation', certificateChain: ['AAAA', 'AAAA'] }],
  ])('for %s leaves an event without an instance', async (_, evidence) => {
    const phone = new Phone(ca, 'android');
    const clientData = phone.clientData(await phone.challenge(url));
    const answer = await post(`${url}/v1/instances`, { clientData: toBase64Url(clientData), evidence });
    expect(answer).toMatchObject({ status: 403, body: { code: 'attestation_rejected' } });
    expect(await eventOf(answer.body.reference)).toMatchObject({ verdict: 'rejected', instanceId: null });
  });

  test.each([
    ['android', 'its signing certificate', { android_signer_digests: ['cd'.repeat(32)] }],
    ['android', 'its package', { android_packages: ['com.example.other'] }],
    ['ios', 'its bundle id', { apple_bundle_ids: ['com.example.other'] }],
  ] as const)(
    'for an instance enrolled on %s when %s is registered no more',
    async (platform, _, changes) => {
      const phone = await enrolled(platform);
      const [before] = await db.owner.sql`
      select android_signer_digests, android_packages, apple_bundle_ids from apps where id = ${TEST_APP.id}`;
      await db.owner.sql`update apps set ${db.owner.sql(changes)} where id = ${TEST_APP.id}`;
      const later = await startTestService(db);
      try {
        const answer = await phone.attest(later.url);
        expect(answer).toMatchObject({ status: 403, body: { code: 'attestation_rejected' } });
        expect((await eventOf(answer.body.reference)).decidingThreat).toBe('app_identity_mismatch');
      } finally {
        await db.owner.sql`update apps set ${db.owner.sql(before ?? {})} where id = ${TEST_APP.id}`;
        await later.close();
      }
    },
  );

  test('for evidence of another platform than the client names', async () => {
    const phone = new Phone(ca, 'android');
    const answer = await phone.enrol(url, { platform: 'ios' });
    expect(answer.status).toBe(403);
    expect((await eventOf(answer.body.reference)).decidingThreat).toBe('app_identity_mismatch');
  });

  test('for client data that names an app and nothing else leaves an event, and names the fields', async () => {
    const clientData = toBase64Url(Buffer.from(JSON.stringify({ appId: TEST_APP.id })));
    const answer = await post(`${url}/v1/attestations`, { clientData });
    expect(answer).toMatchObject({ status: 422, body: { code: 'request_invalid' } });
    expect(Object.keys(answer.body.fields ?? {})).toContain('clientData.challenge');
    expect(await eventOf(answer.body.reference)).toMatchObject({ verdict: 'rejected', platform: 'unknown' });
  });
});

describe('an acceptance', () => {
  test('carries the signed configuration only to who is behind', async () => {
    await db.owner.sql`update apps set config_version = 3 where id = ${TEST_APP.id}`;
    const third = await startTestService(db);
    try {
      const phone = await enrolled('android');
      expect((await phone.attest(third.url, { configVersion: 2 })).body.config).toMatch(/^ey/);
      expect((await phone.attest(third.url, { configVersion: 3 })).body.config).toBeUndefined();
    } finally {
      await third.close();
    }
  });

  test('asks for the next attestation well before its token expires, and not at the same time for all', async () => {
    const phone = await enrolled('android');
    const answers = await Promise.all([1, 2, 3, 4].map(() => phone.attest(url)));
    const waits = answers.map(({ body }) => Date.parse(body.refreshAfter ?? '') - Date.now());
    for (const [index, { body }] of answers.entries()) {
      expect(waits[index]).toBeLessThan(Date.parse(body.expiresAt ?? '') - Date.now() - 10_000);
    }
    expect(new Set(waits).size).toBeGreaterThan(1);
  });
});
