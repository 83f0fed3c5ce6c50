import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { vaultKeys } from '@/drizzle/schema';
import { seedApp, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import { systemClock, toBase64Url } from '@/lib/core';
import { createSealingKeyPair } from '@/lib/crypto';
import { createDeviceKey, createTestCa } from '@/lib/evidence/testing';
import { derName } from '@/lib/evidence/testing/issue-certificate';
import type { ReceiptOptions } from '@/lib/evidence/testing/receipt';
import { createAddressGuard } from '@/lib/outbound';
import { readEndorsements, removeTeamKey, renewReceipts, setTeamKey } from './index';
import { type StandIn, startStandIn } from './testing/endorser';

const DAY_MS = 86_400_000;
const APP_ID = 'ABCDE12345.com.example.bank';
const reason = 'receipts of the pilot';
const ca = createTestCa(Date.now());
const device = createDeviceKey();
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

let db: TestDatabase;
let apple: StandIn;
let vaultPrivateKey: KeyObject;
let instanceId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  apple = await startStandIn();
  const pair = await createSealingKeyPair();
  vaultPrivateKey = pair.privateKey;
  await db.owner.orm.insert(vaultKeys).values({
    id: 'default',
    publicJwk: pair.publicJwk,
    wrappedPrivateKey: Buffer.of(),
    createdAt: new Date(),
  });
  await seedApp(db.owner, 'bank');
  await seedApp(db.owner, 'android-only');
  const anchors = JSON.stringify([ca.anchor]);
  await db.owner.sql`
    update apps set apple_team_id = 'ABCDE12345', apple_bundle_ids = '{com.example.bank}',
      apple_environments = '{production}', trust_anchors = ${anchors}::text::jsonb where id = 'bank'`;
});
afterAll(async () => {
  apple.close();
  await db.close();
});

const ctx = (role: 'admin' | 'analyst' = 'admin') => ({
  db: db.console,
  actor: actorWith(role),
  clock: systemClock,
});
const round = () =>
  renewReceipts({
    db: db.service,
    vaultPrivateKey,
    guard: createAddressGuard(['127.0.0.0/8']),
    endpoints: { production: apple.url, development: `${apple.url}/sandbox` },
    timeoutMs: 1_000,
  });
const team = async () => (await readEndorsements(ctx())).teams.find(({ appId }) => appId === 'bank');
const setKey = (privateKeyPem = pem) =>
  setTeamKey(ctx(), { id: 'bank', keyId: 'KEY1234567', privateKey: privateKeyPem, reason });

/** A receipt of the device's key, as Apple's answer. */
function receipt(changes: Partial<ReceiptOptions> = {}): Buffer {
  const nowMs = Date.now();
  const certificate = ca.issue({
    subject: derName([['CN', 'attested']]),
    spki: device.spki,
    serial: 5,
    notBeforeMs: nowMs - DAY_MS,
    notAfterMs: nowMs + DAY_MS,
    isCa: false,
  });
  return ca.appAttest.receipt({
    appId: APP_ID,
    certificate,
    clientHash: Buffer.alloc(32),
    type: 'RECEIPT',
    environment: 'production',
    createdMs: nowMs,
    notBeforeMs: nowMs + DAY_MS,
    expiresMs: nowMs + 90 * DAY_MS,
    attestedKeys: 3,
    ...changes,
  });
}
const respond = (status: number, body = '', headers: Record<string, string> = {}) =>
  apple.answer((_asked, response) => response.writeHead(status, headers).end(body));
const stored = async () => {
  const [row] = await db.owner.sql<Record<string, unknown>[]>`
    select r.type, r.attested_keys as keys, r.attempts, r.last_error as error, r.due_at is null as "isOver",
      round(extract(epoch from r.due_at - now()) / 3600)::int as hours, (d.claims ->> 'attestedKeys')::int as claimed
    from app_attest_receipts r join device_instances d on d.id = r.instance_id`;
  return row;
};

beforeEach(async () => {
  apple.asked.length = 0;
  await db.owner.sql`delete from app_attest_receipts`;
  await db.owner.sql`delete from app_attest_keys`;
  await db.owner.sql`delete from device_instances`;
  instanceId = await seedInstance(db.owner, 'bank', {
    platform: 'ios',
    publicKey: Buffer.from(device.spki),
    lastSeenAt: new Date(),
  });
  const claims = { environment: 'production', app: { id: APP_ID } };
  await db.owner.sql`
    update device_instances set claims = claims || ${JSON.stringify(claims)}::text::jsonb where id = ${instanceId}`;
  await db.owner.sql`
    insert into app_attest_receipts (instance_id, app_id, receipt, type, created_at, expires_at, due_at)
    values (${instanceId}, 'bank', ${receipt({ type: 'ATTEST' })}, 'attestation', now(), now() + interval '90 days',
      now() - interval '1 minute')`;
});

describe('a receipt', () => {
  test('is renewed as Apple documents it, and its count stands among the claims of its device', async () => {
    await setKey();
    apple.answer((_asked, response) => response.end(receipt().toString('base64')));
    expect(await round()).toBe(1);
    const [asked] = apple.asked;
    expect(asked).toMatchObject({ method: 'POST', path: '/v1/attestationData' });
    expect(Buffer.from(asked?.body ?? '', 'base64').subarray(0, 2)).toEqual(Buffer.from([0x30, 0x82]));
    const { payload, protectedHeader } = await jwtVerify(
      asked?.headers.authorization ?? '',
      createPublicKey(privateKey),
    );
    expect([payload.iss, protectedHeader.kid, protectedHeader.alg]).toEqual([
      'ABCDE12345',
      'KEY1234567',
      'ES256',
    ]);
    expect(await stored()).toMatchObject({
      type: 'renewal',
      keys: 3,
      claimed: 3,
      error: null,
      hours: 7 * 24,
    });
    expect(await team()).toMatchObject({ renewed: 1, refused: 0, due: 0, lastError: null });
    expect(await round()).toBe(0);
    expect(apple.asked).toHaveLength(1);
  });

  test('is not asked for before the first day that Apple states, nor kept beyond its last', async () => {
    await setKey();
    const nowMs = Date.now();
    apple.answer((_asked, response) =>
      response.end(receipt({ notBeforeMs: nowMs + 20 * DAY_MS }).toString('base64')),
    );
    await round();
    expect((await stored())?.hours).toBe(20 * 24);
    await db.owner.sql`update app_attest_receipts set due_at = now()`;
    apple.answer((_asked, response) =>
      response.end(receipt({ expiresMs: nowMs + 4 * DAY_MS }).toString('base64')),
    );
    await round();
    expect((await stored())?.hours).toBe(3 * 24);
  });

  test.each([
    [304, { error: null, isOver: false, hours: 24 }, 0],
    [400, { error: 'apple_bad_request', isOver: true }, 1],
    [404, { error: 'apple_not_found', isOver: true }, 1],
  ])('that Apple answers with %i is put off, or given up', async (status, expected, refused) => {
    await setKey();
    respond(status);
    expect(await round()).toBe(0);
    expect(await stored()).toMatchObject({ type: 'attestation', ...expected });
    expect(await team()).toMatchObject({ refused, lastError: null, pausedUntil: null });
  });

  test.each([
    [401, {}, 'apple_unauthorized', 3_600],
    [429, { 'retry-after': '120' }, 'apple_too_many', 120],
    [429, {}, 'apple_too_many', 30],
    [500, {}, 'apple_unavailable', 30],
    [503, { 'retry-after': 'tomorrow' }, 'apple_unavailable', 30],
    [200, {}, 'apple_answer_malformed', 30],
    [302, { location: 'http://127.0.0.1/' }, 'redirected', 30],
  ])('is not asked about while Apple says %i %o', async (status, headers, error, seconds) => {
    await setKey();
    respond(status, status === 200 ? '???' : '', headers);
    await round();
    const { lastError, pausedUntil } = (await team()) ?? {};
    expect(lastError).toBe(error);
    const paused = (Date.parse(pausedUntil ?? '') - Date.now()) / 1000;
    expect(paused).toBeGreaterThan(seconds - 20);
    expect(paused).toBeLessThan(seconds + 20);
    await db.owner.sql`update app_attest_receipts set due_at = now()`;
    await round();
    expect(apple.asked).toHaveLength(1);
    const alarms = (await readEndorsements(ctx())).alarms.map(({ id }) => id);
    expect(alarms.includes('team_key_refused:bank')).toBe(status === 401);
  });

  test('is asked about less and less often while Apple is away, and as usual afterwards', async () => {
    await setKey();
    respond(500);
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      await db.owner.sql`update app_attest_receipts set due_at = now()`;
      await db.owner.sql`update app_attest_keys set paused_until = null`;
      await round();
      const [row] = await db.owner.sql<{ s: number }[]>`
        select round(extract(epoch from paused_until - now()) / 30)::int * 30 as s from app_attest_keys`;
      pauses.push(row?.s ?? 0);
    }
    expect(pauses).toEqual([30, 60, 120]);
    apple.answer((_asked, response) => response.end(receipt().toString('base64')));
    await db.owner.sql`update app_attest_receipts set due_at = now()`;
    await db.owner.sql`update app_attest_keys set paused_until = null`;
    expect(await round()).toBe(1);
    expect(await team()).toMatchObject({ lastError: null, pausedUntil: null });
  });

  test.each([
    [
      'of another key',
      'receipt_key_mismatch',
      () => ca.appAttest.receipt({ ...rest(), certificate: other() }),
    ],
    ['of another app', 'receipt_app_mismatch', () => receipt({ appId: 'ABCDE12345.com.other' })],
    ['of the other environment', 'receipt_environment_mismatch', () => receipt({ environment: 'sandbox' })],
    ['that is the attestation’s own', 'receipt_malformed', () => receipt({ type: 'ATTEST' })],
    ['of ten minutes ago', 'receipt_stale', () => receipt({ createdMs: Date.now() - 600_000 })],
    ['of another authority', 'evidence_chain_untrusted', () => stranger.appAttest.receipt(rest())],
  ])('%s replaces nothing', async (_what, error, made) => {
    await setKey();
    apple.answer((_asked, response) => response.end(made().toString('base64')));
    expect(await round()).toBe(0);
    expect(await stored()).toMatchObject({
      type: 'attestation',
      keys: null,
      claimed: null,
      error,
      attempts: 1,
    });
    await db.owner.sql`update app_attest_receipts set attempts = 4, due_at = now()`;
    await round();
    expect(await stored()).toMatchObject({ isOver: true });
  });

  test('is taken by one process at a time, and comes back where that one ended', async () => {
    await setKey();
    apple.answer((_asked, response) => response.end(receipt().toString('base64')));
    const renewed = await Promise.all([round(), round(), round()]);
    expect(renewed.reduce((sum, one) => sum + one)).toBe(1);
    expect(apple.asked).toHaveLength(1);
  });

  test('of a device that was not seen for a month, or that was erased, is nobody’s to ask about', async () => {
    await setKey();
    await db.owner.sql`update device_instances set last_seen_at = now() - interval '31 days'`;
    expect(await round()).toBe(0);
    expect([(await stored())?.hours, apple.asked.length]).toEqual([24, 0]);
    await db.console.sql`select countersign_erase_device(${instanceId})`;
    expect(await stored()).toBeUndefined();
  });

  test('of the sandbox is asked about where Apple keeps those', async () => {
    await setKey();
    await db.owner.sql`update device_instances set claims = claims || '{"environment":"development"}'`;
    await round();
    expect(apple.asked[0]?.path).toBe('/sandbox/v1/attestationData');
  });
});

const stranger = createTestCa(Date.now(), 'stranger');
const other = () =>
  ca.issue({
    subject: derName([['CN', 'other']]),
    spki: createDeviceKey().spki,
    serial: 6,
    notBeforeMs: Date.now() - DAY_MS,
    notAfterMs: Date.now() + DAY_MS,
    isCa: false,
  });
const rest = (): ReceiptOptions => ({
  appId: APP_ID,
  certificate: other(),
  clientHash: Buffer.alloc(32),
  type: 'RECEIPT',
  environment: 'production',
  createdMs: Date.now(),
  expiresMs: Date.now() + 90 * DAY_MS,
});

describe('a team’s key', () => {
  test('is sealed for its app and id, and the console cannot read it', async () => {
    await setKey();
    const [row] = await db.service.sql<
      { sealed: string }[]
    >`select sealed_key as sealed from app_attest_keys`;
    expect(row?.sealed).not.toContain(toBase64Url(Buffer.from(pem)).slice(40, 80));
    await expect(db.console.sql`select sealed_key from app_attest_keys`).rejects.toMatchObject({
      code: '42501',
    });
    await db.owner.sql`update app_attest_keys set key_id = 'KEY7654321'`;
    await round();
    expect(await team()).toMatchObject({ lastError: 'key_unusable' });
    expect(apple.asked).toHaveLength(0);
  });

  test('is exchanged, and taken away, by an administrator, with a row in the audit log for each', async () => {
    await setKey();
    await setTeamKey(ctx(), { id: 'bank', keyId: 'KEY7654321', privateKey: pem, reason });
    expect(await team()).toMatchObject({ keyId: 'KEY7654321', renewed: 0 });
    await removeTeamKey(ctx(), { id: 'bank', reason });
    expect(await team()).toMatchObject({ keyId: null });
    await expect(removeTeamKey(ctx(), { id: 'bank', reason })).rejects.toMatchObject({
      code: 'app_attest_key_not_found',
    });
    const rows = await db.owner.sql`
      select action from audit_log where action like 'app_attest_key.%' order by id desc limit 3`;
    expect(rows.map(({ action }) => action)).toEqual([
      'app_attest_key.remove',
      'app_attest_key.set',
      'app_attest_key.set',
    ]);
  });

  test('is refused where it is none, where its app has no team, and from whoever may not', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (const text of [
      'nonsense',
      rsa.export({ format: 'pem', type: 'pkcs8' }).toString(),
      publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    ])
      await expect(setKey(text)).rejects.toMatchObject({ code: 'request_invalid' });
    const input = { keyId: 'KEY1234567', privateKey: pem, reason };
    await expect(setTeamKey(ctx(), { id: 'android-only', ...input })).rejects.toMatchObject({
      code: 'request_invalid',
    });
    await expect(setTeamKey(ctx(), { id: 'nobody', ...input })).rejects.toMatchObject({
      code: 'app_not_found',
    });
    await expect(setTeamKey(ctx('analyst'), { id: 'bank', ...input })).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });
});
