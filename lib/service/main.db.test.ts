import { type ChildProcess, fork } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { toBase64Url } from '@/lib/core';
import type { TestCa } from '@/lib/evidence/testing';
import { bundleEntry } from './testing/bundle';
import { Phone } from './testing/phone';
import { registerTestApp, TEST_APP, TEST_MASTER_KEY } from './testing/service';

let db: TestDatabase;
let ca: TestCa;
let folder: string;
let file: string;
beforeAll(async () => {
  db = await createTestDatabase();
  ca = await registerTestApp(db);
  ({ folder, file } = await bundleEntry('lib/service/main.ts'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await db.close();
});

const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
  }
});

interface Started {
  child: ChildProcess;
  url: string;
  opsUrl: string;
  nodeIds: string[];
  /** Everything it said over IPC and in its log. */
  log(): string;
}

async function launch(changes: Record<string, string> = {}): Promise<ChildProcess> {
  const child = fork(file, [], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      PATH: '/usr/bin',
      NODE_ENV: 'production',
      COUNTERSIGN_SERVICE_DATABASE_URL: db.serviceUrl,
      COUNTERSIGN_MASTER_KEY: toBase64Url(TEST_MASTER_KEY),
      COUNTERSIGN_SERVICE_PORT: String(await freePort()),
      COUNTERSIGN_OPS_PORT: String(await freePort()),
      COUNTERSIGN_WORKERS: '2',
      COUNTERSIGN_STATUS_LIST_URL: 'off',
      COUNTERSIGN_NODE_NAME: 'machine',
      ...changes,
    },
  });
  running.push(child);
  return child;
}

/** Starts the service process; rejects with what it said where it ends. */
async function start(changes: Record<string, string> = {}): Promise<Started> {
  const child = await launch(changes);
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString('utf8');
  });
  return await new Promise((resolve, reject) => {
    child.on('message', (message: { type: string; url: string; opsUrl: string; nodeIds: string[] }) => {
      if (message.type === 'ready') resolve({ ...message, child, log: () => log });
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${log}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const exitOf = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve));
const nodesAsked = async (url: string) => {
  const names = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const answer = await fetch(`${url}/v1/authorize?api=${TEST_APP.apiId}`, {
        headers: { connection: 'close' },
      });
      return answer.headers.get('x-countersign-node');
    }),
  );
  return [...new Set(names)].sort();
};

describe('the service process', () => {
  test('serves with all of its workers, replaces one that is killed under its name, and ends when told', async () => {
    const service = await start();
    expect(service.nodeIds).toEqual(['machine-w1', 'machine-w2']);
    expect(await nodesAsked(service.url)).toEqual(service.nodeIds);
    const phone = new Phone(ca, 'android');
    expect((await phone.enrol(service.url)).status).toBe(201);

    const victim = await workerPid(service);
    process.kill(victim, 'SIGKILL');
    await expect
      .poll(() => phone.attest(service.url).catch(() => undefined), { timeout: 15_000 })
      .toMatchObject({ status: 200 });
    await expect
      .poll(() => nodesAsked(service.url).catch(() => []), { timeout: 15_000 })
      .toEqual(service.nodeIds);

    const metrics = await (await fetch(`${service.opsUrl}/metrics`)).text();
    expect(metrics).toMatch(/countersign_requests_total\{route="\/v1\/attestations",status="200"\} \d+/);
    expect((await fetch(`${service.opsUrl}/readyz`)).status).toBe(200);

    const exited = exitOf(service.child);
    service.child.kill('SIGTERM');
    expect(await exited).toBe(0);
    const rows = await db.service.sql<{ id: string; stopped: boolean }[]>`
      select id, stopped_at is not null as stopped from service_nodes where id like 'machine-%' order by id`;
    expect([...rows]).toEqual(service.nodeIds.map((id) => ({ id, stopped: true })));
  });

  test('ends when whoever started it is gone', async () => {
    const service = await start();
    const exited = exitOf(service.child);
    service.child.disconnect();
    expect(await exited).toBe(0);
    await expect(fetch(service.url)).rejects.toThrow();
  });

  test('ends also where they are gone before it is ready', async () => {
    let child: ChildProcess | undefined;
    await db.owner.sql.begin(async (sql) => {
      // Its start waits until it can read the signing keys.
      await sql`lock table signing_keys in access exclusive mode`;
      child = await launch();
      const isWaiting = async () =>
        (
          await db.owner.sql`
          select 1 from pg_locks where relation = 'signing_keys'::regclass and not granted`
        ).length;
      await expect.poll(isWaiting, { timeout: 10_000 }).toBeGreaterThan(0);
      child.disconnect();
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    if (!child) throw new Error('It was not started.');
    expect(child.exitCode ?? (await exitOf(child))).toBe(0);
  });

  test.each([
    [
      'another master key',
      { COUNTERSIGN_MASTER_KEY: 'A'.repeat(43) },
      'is not the key that this database was set up with',
    ],
    ['no master key', { COUNTERSIGN_MASTER_KEY: '' }, 'COUNTERSIGN_MASTER_KEY is not set'],
    ['no database', { COUNTERSIGN_SERVICE_DATABASE_URL: '' }, 'COUNTERSIGN_SERVICE_DATABASE_URL is not set'],
    ['a wrong password', { COUNTERSIGN_SERVICE_DATABASE_URL: 'wrong' }, 'refuses the password'],
    ['a setting that does not exist', { COUNTERSIGN_WORKRES: '2' }, 'did you mean COUNTERSIGN_WORKERS'],
    ['a range that is none', { COUNTERSIGN_TRUSTED_PROXIES: 'everyone' }, 'is no address or CIDR range'],
  ])('does not start with %s, and says so in one line', async (_, changes, message) => {
    const url = new URL(db.serviceUrl);
    url.password = 'wrong';
    const settings = Object.fromEntries(
      Object.entries(changes).map(([name, value]) => [name, value === 'wrong' ? url.href : value]),
    );
    const { message: said } = await start(settings).then(
      () => ({ message: 'it started' }),
      (error: Error) => error,
    );
    expect(said).toContain('ended with 1');
    expect(said).toContain(message);
    expect(said).not.toContain('Failed query');
  });

  test.each(['COUNTERSIGN_SERVICE_PORT', 'COUNTERSIGN_OPS_PORT'])(
    'does not start where %s is taken',
    async (name) => {
      const taken = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => taken.once('listening', resolve));
      const address = taken.address();
      const port = String(typeof address === 'object' && address ? address.port : 0);
      await expect(start({ [name]: port })).rejects.toThrow(
        /ended with 1: .*port of the attestation service is taken/s,
      );
      taken.close();
    },
  );
});

/** Process id of the first worker. */
async function workerPid({ child }: Started): Promise<number> {
  const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
  return Number(children.trim().split(' ')[0]);
}
