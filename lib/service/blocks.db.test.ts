import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith, steppedUp } from '@/lib/auth/testing/actors';
import { allow, createBlock, liftBlock } from '@/lib/blocks';
import type { BlockScope, Verdict } from '@/lib/contracts';
import { systemClock } from '@/lib/core';
import { createNetworks } from '@/lib/enrichment';
import type { TestCa } from '@/lib/evidence/testing';
import { decodeDetail } from '@/lib/telemetry';
import type { RunningService } from './index';
import { Phone } from './testing/phone';
import { registerTestApp, startTestService, TEST_APP } from './testing/service';

let db: TestDatabase;
let ca: TestCa;
let service: RunningService;
/** Everybody in this test calls from the same place. */
const networks = {
  ...createNetworks(),
  describe: () => ({ country: 'DE', asn: 64_500, kind: 'access' as const }),
};
beforeAll(async () => {
  db = await createTestDatabase();
  ca = await registerTestApp(db);
  service = await startTestService(db, { networks, trustedProxies: [] });
});
afterAll(async () => {
  await service.close();
  await db.close();
});
afterEach(async () => {
  for (const { id } of await db.owner.sql<{ id: string }[]>`select id from blocks where lifted_at is null`) {
    await liftBlock(context(), { id, reason: 'the test is over' });
  }
  await enforced();
});

/** Resolves when the node has come to the head of the feed. */
async function enforced(): Promise<void> {
  const behind = () => db.owner.sql`
    select 1 from service_nodes, change_feed
    where service_nodes.id = ${service.nodeId} and applied_seq < change_feed.seq`;
  await expect.poll(async () => (await behind()).length).toBe(0);
}

const context = () => ({ db: db.console, actor: steppedUp(actorWith('responder')), clock: systemClock });
const about = (scope: BlockScope, target: string) => ({
  scope,
  target,
  appId: TEST_APP.id,
  reason: 'a test',
});
const block = (scope: BlockScope, target: string, effect: 'refuse' | 'simulate' = 'refuse') =>
  createBlock(context(), { ...about(scope, target), effect, durationSeconds: null });
const allowing = (scope: BlockScope, target: string) =>
  allow(context(), { ...about(scope, target), owner: 'Riley', durationSeconds: 3_600 });

const authorize = (token: string) =>
  fetch(`${service.url}/v1/authorize?api=${TEST_APP.apiId}`, { headers: { 'attestation-token': token } });
const codeOf = async (token: string) => (await authorize(token)).headers.get('x-attestation-code');

async function enrolled(): Promise<{ phone: Phone; token: string }> {
  const phone = new Phone(ca, 'android');
  const { body } = await phone.enrol(service.url);
  return { phone, token: body.token ?? '' };
}

async function lastEvent(instanceId: string) {
  const [row] = await db.owner.sql<
    { detail: unknown; verdict: Verdict; deciding_threat: string | null; decidingRule: string | null }[]
  >`
    select detail, verdict, deciding_threat, deciding_rule as "decidingRule" from attestation_events where instance_id = ${instanceId}
    order by received_at desc, id desc limit 1`;
  if (row === undefined) throw new Error(`No event is of ${instanceId}.`);
  return { ...row, detail: decodeDetail(row.detail, { ...row, decidingThreat: row.deciding_threat }) };
}

async function claimsOf(instanceId: string): Promise<{ attestationKey?: string }> {
  const [row] = await db.owner.sql<{ claims: { attestationKey?: string } }[]>`
    select claims from device_instances where id = ${instanceId}`;
  return row?.claims ?? {};
}

describe('a block refuses an attestation, and lets it pass once it is lifted', () => {
  const targets: [BlockScope, (phone: Phone) => Promise<string> | string][] = [
    ['instance', ({ instanceId }) => instanceId],
    ['hardware', async ({ instanceId }) => (await claimsOf(instanceId)).attestationKey ?? ''],
    ['network', () => '127.0.0.0/24'],
    ['network', () => '127.0.0.0/8'],
    ['app_version', () => `android ${TEST_APP.appVersion}`],
    ['os_build', () => 'android 26.5'],
    ['asn', () => 'AS64500'],
    ['signer', () => TEST_APP.signerDigest],
    ['country', () => 'de'],
    ['app', () => TEST_APP.id],
  ];
  test.each(targets)('of %s', async (scope, targetOf) => {
    const { phone } = await enrolled();
    const made = await block(scope, await targetOf(phone));
    await expect.poll(async () => (await phone.attest(service.url)).status).toBe(403);
    const refused = await lastEvent(phone.instanceId);
    expect(refused).toMatchObject({
      verdict: 'rejected',
      deciding_threat: 'blocked',
      detail: { blocks: { block: { id: made.id, scope }, liftedBy: null } },
    });
    await liftBlock(context(), { id: made.id, reason: 'a test' });
    await expect.poll(async () => (await phone.attest(service.url)).status).toBe(200);
    expect((await lastEvent(phone.instanceId)).detail.blocks).toBeUndefined();
  });
});

describe('authorize', () => {
  test.each([
    ['network', '127.0.0.0/16'],
    ['asn', '64500'],
    ['country', 'DE'],
    ['app', TEST_APP.id],
  ] as const)('refuses a token at once by the %s of whoever brings it', async (scope, target) => {
    const { token } = await enrolled();
    const made = await block(scope, target);
    await expect.poll(() => codeOf(token)).toBe('device_blocked');
    await liftBlock(context(), { id: made.id, reason: 'a test' });
    await expect.poll(async () => (await authorize(token)).status).toBe(200);
  });

  test('lets a token pass whose app version is blocked: nothing in it says so', async () => {
    const { phone, token } = await enrolled();
    await block('app_version', `android ${TEST_APP.appVersion}`);
    await expect.poll(async () => (await phone.attest(service.url)).status).toBe(403);
    expect((await authorize(token)).status).toBe(200);
  });
});

describe('an allowlist entry', () => {
  test('lifts what is wider, at both doors, and the event tells of both', async () => {
    const { phone, token } = await enrolled();
    const wide = await block('country', 'DE');
    await expect.poll(() => codeOf(token)).toBe('device_blocked');
    const entry = await allowing('instance', phone.instanceId);
    await expect.poll(async () => (await authorize(token)).status).toBe(200);
    expect((await phone.attest(service.url)).status).toBe(200);
    expect((await lastEvent(phone.instanceId)).detail.blocks).toEqual({
      block: { id: wide.id, scope: 'country' },
      liftedBy: { id: entry.id, scope: 'instance' },
      simulated: [],
    });
    await liftBlock(context(), { id: entry.id, reason: 'a test' });
    await expect.poll(() => codeOf(token)).toBe('device_blocked');
  });

  test('never lifts a failed signature', async () => {
    const { phone } = await enrolled();
    await allowing('instance', phone.instanceId);
    await allowing('app', TEST_APP.id);
    await enforced();
    const attestation = await phone.attestation(service.url);
    const forged = Buffer.from(attestation.assertion, 'base64url');
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    const answer = await fetch(`${service.url}/v1/attestations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...attestation, assertion: forged.toString('base64url') }),
    });
    expect(answer.status).toBe(403);
    expect(await lastEvent(phone.instanceId)).toMatchObject({
      verdict: 'rejected',
      deciding_threat: 'signature_invalid',
    });
  });
});

describe('a simulation', () => {
  test('refuses nobody, and counts what it would have refused at both doors', async () => {
    const { phone, token } = await enrolled();
    const made = await block('asn', '64500', 'simulate');
    await expect
      .poll(async () => {
        expect((await phone.attest(service.url)).status).toBe(200);
        return (await lastEvent(phone.instanceId)).detail.blocks?.simulated;
      })
      .toEqual([made.id]);
    for (let index = 0; index < 3; index++) expect((await authorize(token)).status).toBe(200);
    await expect
      .poll(
        async () => {
          const [row] = await db.owner.sql<{ attestations: string; requests: string }[]>`
            select sum(attestations) as attestations, sum(requests) as requests from block_hits
            where block_id = ${made.id}`;
          return [Number(row?.attestations), Number(row?.requests)];
        },
        { timeout: 5_000 },
      )
      .toEqual([1, 3]);
  });
});
