import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pinOf } from '@/lib/certificates';
import { parseCertificate } from '@/lib/crypto';
import { createPlayIssuer, createTestCa } from '@/lib/evidence/testing';
import { DEMO_APPS } from '../demo-apps';
import { PinnedServer } from './pinned-server';
import { createRandom } from './random';
import { SCENARIOS } from './scenarios';
import { SimulatedDevice } from './simulated-device';
import { DEMO_SERVER_HOST, openDemoServer } from './tls-server';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'countersign-pins-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function phone(pins: readonly string[]): SimulatedDevice {
  const fleet = { ca: createTestCa(Date.now(), 'ca'), play: createPlayIssuer(), badReleaseAtMs: 0 };
  const device = new SimulatedDevice(
    {
      ...{
        scenario: SCENARIOS[0].id,
        appId: DEMO_APPS[0].id,
        platform: 'ios',
        model: 'iPhone',
        osVersion: '26',
      },
      ...{
        appVersion: '5.3.0',
        address: '198.18.0.7',
        key: null,
        instanceId: null,
        counter: 0,
        enrolledAtMs: 0,
      },
      ...{ integrityAtMs: 0, configVersion: 3, pins: [{ host: DEMO_SERVER_HOST, spkiSha256: [...pins] }] },
    },
    fleet,
  );
  Object.defineProperty(device, 'token', { value: 'a-token' });
  return device;
}

test('a phone connects where a pin that it holds is presented, and tells of who answers with another key', async () => {
  const server = await openDemoServer(directory);
  const running = await Promise.all([server.start(Date.now()), server.startInterceptor(Date.now())]);
  const reports: { host: string; pins: (string | undefined)[]; address: string }[] = [];
  const pinned = new PinnedServer({
    server,
    random: createRandom(1),
    hotspot: '203.0.113',
    client: {
      reportPinFailure: async (_, { host, chain }, address) => {
        const certificates = chain.map((der) => parseCertificate(Buffer.from(der, 'base64url')));
        reports.push({ host, pins: certificates.map((one) => one && pinOf(one.spki)), address });
        return { ok: true, body: { kind: 'mismatch' } };
      },
    },
  });
  try {
    const honest = phone([server.pin, server.backupPin]);
    expect(await pinned.connect(honest, false)).toBe('connected');
    expect(reports).toEqual([]);
    expect(await pinned.connect(honest, true)).toBe('pin-failure');
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatchObject({
      host: DEMO_SERVER_HOST,
      address: expect.stringMatching(/^203\.0\.113\./),
    });
    // The certificate of the server and its issuer, neither of which is pinned.
    expect(reports[0]?.pins).toHaveLength(2);
    expect(reports[0]?.pins).not.toContain(server.pin);
    // Its pins do not know the server's key any more: its own network is told.
    expect(await pinned.connect(phone([server.backupPin]), false)).toBe('pin-failure');
    expect(reports[1]).toMatchObject({ address: '198.18.0.7', pins: [server.pin, expect.any(String)] });
    expect(await pinned.connect(phone([]), true)).toBe('connected');
  } finally {
    await Promise.all(running.map((one) => one.close()));
  }
  expect(await pinned.connect(phone([server.pin]), false)).toBe('unreachable');
});
