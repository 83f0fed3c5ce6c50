import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { actorWith } from '@/lib/auth/testing/actors';
import { blockInstance } from '@/lib/blocks';
import { publishPins, readOrigin, registerOrigin } from '@/lib/certificates';
import { createTlsCa, startTlsServer } from '@/lib/certificates/testing/tls-ca';
import { silentLogger, systemClock, toBase64Url } from '@/lib/core';
import type { TestCa } from '@/lib/evidence/testing';
import { startProbes } from '@/lib/jobs';
import { createAddressGuard } from '@/lib/outbound';
import type { RunningService } from './index';
import { Phone, post } from './testing/phone';
import { registerTestApp, startTestService, TEST_APP } from './testing/service';

const tls = createTlsCa(Date.now());
const served = tls.issue({ host: 'localhost' });
const spare = tls.issue({ host: 'localhost' });
const proxy = createTlsCa(Date.now()).issue({ host: 'localhost' });
let db: TestDatabase;
let ca: TestCa;
let service: RunningService;
let originId = '';
let version = 0;

const as = { clock: systemClock, actor: actorWith('admin') };

beforeAll(async () => {
  db = await createTestDatabase();
  ca = await registerTestApp(db);
  service = await startTestService(db);
  const server = await startTlsServer(served);
  const probes = startProbes(db.service, createAddressGuard(['127.0.0.0/8', '::1']), silentLogger);
  const ctx = { ...as, db: db.console };
  const origin = {
    appId: TEST_APP.id,
    host: 'localhost',
    port: server.port,
    serverName: null,
    includeSubdomains: false,
  };
  ({ originId } = await registerOrigin(ctx, origin));
  await vi.waitFor(async () => expect((await readOrigin(ctx, { id: originId })).probe?.outcome).toBe('ok'), {
    timeout: 5_000,
    interval: 100,
  });
  await probes.stop();
  await server.close();
  const pins = [served, spare].map(({ pin }) => ({
    spkiSha256: pin,
    label: '',
    source: 'certificate' as const,
  }));
  const set = { basedOn: null, pins, reportOnly: false, reason: 'first', override: false };
  ({ version } = await publishPins(ctx, { id: originId, ...set }));
  await vi.waitFor(
    async () => {
      const answer = await fetch(`${service.url}/v1/apps/${TEST_APP.id}/config`);
      expect(configIn(await answer.text()).version).toBe(version);
    },
    { timeout: 5_000, interval: 50 },
  );
});
afterAll(async () => {
  await service.close();
  await db.close();
});

const configIn = (jws: string | undefined) =>
  JSON.parse(Buffer.from(jws?.split('.')[1] ?? '', 'base64url').toString()).config;
const report = (
  token: string | undefined,
  chain: Uint8Array[],
  host = 'localhost',
  address = '198.51.100.7',
) =>
  post(
    `${service.url}/v1/pin-failures`,
    { host, chain: chain.map(toBase64Url) },
    { ...(token === undefined ? {} : { 'attestation-token': token }), 'x-forwarded-for': address },
  );

describe('published pins', () => {
  test('reach devices with their next attestation, and it is recorded what each of them holds', async () => {
    const phone = new Phone(ca, 'android');
    const held = async () => {
      const [row] = await db.owner
        .sql`select config_version from device_instances where id = ${phone.instanceId}`;
      return row?.config_version;
    };
    const first = await phone.enrol(service.url);
    expect(configIn(first.body.config)).toEqual({
      version,
      pins: [
        {
          host: 'localhost',
          includeSubdomains: false,
          reportOnly: false,
          spkiSha256: [served.pin, spare.pin],
        },
      ],
      protectedOrigins: [expect.stringMatching(/^https:\/\/localhost:\d+$/)],
      parameters: {},
    });
    expect(await held()).toBe(0);
    const second = await phone.attest(service.url, { configVersion: version });
    expect(second.body.config).toBeUndefined();
    expect(await held()).toBe(version);
    // Nobody holds what has not been published: what such a device holds is not known.
    await phone.attest(service.url, { configVersion: 4_000_000 });
    expect(await held()).toBe(0);
    await phone.attest(service.url, { configVersion: 1 });
    expect(await held()).toBe(1);
  });

  test('are what the open address answers too, and the address changes its tag with them', async () => {
    const answer = await fetch(`${service.url}/v1/apps/${TEST_APP.id}/config`);
    expect(configIn(await answer.text()).pins[0].spkiSha256).toEqual([served.pin, spare.pin]);
  });
});

describe('a report of a failure', () => {
  test('is filed with its network, and told apart', async () => {
    const phone = new Phone(ca, 'android');
    const { token } = (await phone.enrol(service.url)).body;
    expect(await report(token, [proxy.der])).toMatchObject({ status: 202, body: { kind: 'mismatch' } });
    expect(await report(token, [served.der])).toMatchObject({ status: 202, body: { kind: 'outdated_pins' } });
    const { failureGroups } = await readOrigin({ ...as, db: db.console }, { id: originId });
    expect(failureGroups.find(({ kind }) => kind === 'mismatch')).toMatchObject({
      networkPrefix: '198.51.100.0/24',
      leafPin: proxy.pin,
      seenBy: 'one_network',
      devices: 1,
    });
  });

  test('needs a token that is good: present, ours, whole, and of a device that is not blocked', async () => {
    const phone = new Phone(ca, 'android');
    const { token = '' } = (await phone.enrol(service.url)).body;
    expect((await report(undefined, [proxy.der])).body.code).toBe('token_missing');
    expect((await report('x.y.z', [proxy.der])).body.code).toBe('token_malformed');
    expect((await report(`${token.slice(0, -8)}AAAAAAAA`, [proxy.der])).body.code).toBe(
      'token_bad_signature',
    );
    await blockInstance(
      { ...as, db: db.console },
      { instanceId: phone.instanceId, reason: 'stolen', durationSeconds: null },
    );
    await expect
      .poll(async () => (await report(token, [proxy.der])).body.code, { timeout: 3_000, interval: 200 })
      .toBe('device_blocked');
  });

  test('is refused for another host, for what is no certificate, and where it is too much', async () => {
    const phone = new Phone(ca, 'android');
    const { token } = (await phone.enrol(service.url)).body;
    expect((await report(token, [proxy.der], 'elsewhere.example')).body.code).toBe('origin_not_found');
    expect((await report(token, [Buffer.from('hello')])).body.code).toBe('request_invalid');
    expect((await report(token, [proxy.der, proxy.der, proxy.der, proxy.der, proxy.der])).body.code).toBe(
      'request_invalid',
    );
    const answers = await Promise.all(Array.from({ length: 12 }, () => report(token, [proxy.der])));
    expect(answers.filter(({ body }) => body.code === 'rate_limited')).toHaveLength(5);
  });

  test('does not fail silently where the database cannot take it', async () => {
    const phone = new Phone(ca, 'android');
    const { token } = (await phone.enrol(service.url)).body;
    await db.owner.sql`revoke insert on pin_failures from countersign_service`;
    expect(await report(token, [proxy.der])).toMatchObject({
      status: 503,
      body: { code: 'service_unavailable' },
    });
    await db.owner.sql`grant insert on pin_failures to countersign_service`;
    expect((await report(token, [proxy.der])).status).toBe(202);
  });
});
