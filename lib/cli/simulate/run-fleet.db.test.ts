import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { silentLogger } from '@/lib/core';
import { type RunningService, startService } from '@/lib/service';
import { prepareDemo, prepareDemoEvidence } from '../prepare-demo';
import { makeDataDirectory } from '../supervisor';
import { type Fleet, loadFleet } from './fleet-store';
import { runFleet } from './run-fleet';
import { SCENARIOS } from './scenarios';

const SIZE = 60;

let db: TestDatabase;
let service: RunningService;
let folder: string;
let directory: string;

/** Runs the fleet until something holds, for at most 20 s. */
async function runUntil(holds: (fleet: Fleet) => Promise<boolean>, badReleaseAtMs: number): Promise<Fleet> {
  const fleet = await loadFleet(directory);
  if (!fleet) throw new Error('The demo made no fleet.');
  fleet.badReleaseAtMs = badReleaseAtMs;
  const stop = new AbortController();
  const running = runFleet({
    fleet,
    directory,
    serviceUrl: service.url,
    rate: 40,
    size: SIZE,
    seed: 7,
    stop: stop.signal,
    say: () => undefined,
  });
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline && !(await holds(fleet))) await sleep(200);
  stop.abort();
  await running;
  return fleet;
}

async function outcomes(): Promise<string[]> {
  const rows = await db.service.sql<
    { outcome: string }[]
  >`select distinct outcome from request_rollup_minutes`;
  return rows.map(({ outcome }) => outcome);
}

async function verdictsOf(fleet: Fleet, scenario: string): Promise<string[]> {
  const ids = fleet.devices
    .filter((device) => device.scenario === scenario)
    .flatMap(({ instanceId }) => instanceId ?? []);
  const rows = await db.service.sql<{ verdict: string }[]>`
    select verdict from attestation_events where instance_id = any(${ids}) order by received_at`;
  return [...new Set(rows.map(({ verdict }) => verdict))];
}

async function decidingThreats(): Promise<string[]> {
  const rows = await db.service.sql<{ threat: string }[]>`
    select distinct deciding_threat as threat from attestation_events where deciding_threat is not null`;
  return rows.map(({ threat }) => threat);
}

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-fleet-'));
  const layout = await makeDataDirectory(folder);
  directory = layout.fleet;
  await prepareDemo({ urls: { console: db.consoleUrl, service: db.serviceUrl }, layout });
  service = await startService({
    databaseUrl: db.serviceUrl,
    masterKey: randomBytes(32),
    host: '127.0.0.1',
    port: 0,
    opsPort: null,
    issuer: 'http://127.0.0.1',
    nodeId: 'fleet-test',
    build: 'test',
    trustedProxies: ['127.0.0.0/8'],
    google: {
      apiUrl: 'https://google.invalid',
      tokenUrl: 'https://google.invalid/token',
      allowPrivate: false,
    },
    logger: silentLogger,
    registry: new Registry(),
  });
  await prepareDemoEvidence({ urls: { console: db.consoleUrl, service: db.serviceUrl }, layout });
});

afterAll(async () => {
  await service.close();
  await db.close();
  await rm(folder, { recursive: true, force: true });
});

const NEVER = Number.MAX_SAFE_INTEGER;
const includesAll = (found: readonly string[], wanted: readonly string[]) =>
  wanted.every((item) => found.includes(item));

it('shows every kind of device, each with the verdict that its evidence deserves', async () => {
  const threats = [
    'app_identity_mismatch',
    'software_attestation',
    'evidence_malformed',
    'privileged_access',
    'sources_disagree',
  ];
  const fleet = await runUntil(async (current) => {
    const settled = await Promise.all(['bad-release', 'token-stolen'].map((id) => verdictsOf(current, id)));
    return settled.every(({ length }) => length > 0) && includesAll(await decidingThreats(), threats);
  }, NEVER);
  expect(new Set(fleet.devices.map(({ scenario }) => scenario))).toEqual(
    new Set(SCENARIOS.map(({ id }) => id)),
  );
  for (const id of ['honest', 'bad-release', 'token-stolen']) {
    expect(await verdictsOf(fleet, id), id).toEqual(['trusted']);
  }
  expect(await decidingThreats()).toEqual(expect.arrayContaining(threats));
  // Devices hold the configuration that they were sent, and say so the next time.
  expect(fleet.devices.some(({ configVersion }) => configVersion > 0)).toBe(true);
  const [verdicts] = await db.owner.sql`
    select count(integrity)::int as count from device_instances where platform = 'android'`;
  expect(verdicts?.count).toBeGreaterThan(0);
  const [forwarded] = await db.service.sql`
    select count(distinct network_prefix)::int as networks from attestation_events`;
  expect(forwarded?.networks).toBeGreaterThan(20);
});

it('goes on with the same devices, turns the bad release bad, and is refused where it should be', async () => {
  const before = await loadFleet(directory);
  const wanted = ['valid', 'missing', 'malformed', 'bad_signature', 'binding_mismatch'];
  const fleet = await runUntil(
    async (current) =>
      (await verdictsOf(current, 'bad-release')).includes('rejected') &&
      includesAll(await outcomes(), wanted),
    0,
  );
  expect(await verdictsOf(fleet, 'bad-release')).toEqual(expect.arrayContaining(['trusted', 'rejected']));
  expect(await outcomes()).toEqual(expect.arrayContaining(wanted));
  expect(await decidingThreats()).not.toContain('counter_rollback');
  const enrolled = before?.devices.filter(({ instanceId }) => instanceId !== null) ?? [];
  const kept = fleet.devices.filter(
    ({ instanceId }, at) => instanceId !== null && instanceId === before?.devices[at]?.instanceId,
  );
  expect(kept.length).toBeGreaterThan(enrolled.length * 0.8);
});

it('registers nothing twice, and shows the same passwords at the second start', async () => {
  const layout = await makeDataDirectory(folder);
  const urls = { console: db.consoleUrl, service: db.serviceUrl };
  const lines = await prepareDemo({ urls, layout });
  expect(lines.join('\n')).toContain('from an earlier start');
  expect(await prepareDemo({ urls, layout })).toEqual(lines);
});
