import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '@/lib/db';
import type { Installation } from '../command';
import { writeFakeProduct } from '../testing/fake-product';
import { type RunningCli, runCli } from '../testing/run-cli';
import { freePort } from './ports';
import { isRunning } from './process-identity';
import { type Runtime, readRuntime } from './runtime-file';

let folder: string;
let product: Installation;
let settings: Record<string, string>;
let running: RunningCli[] = [];

const dataDirectory = () => settings.COUNTERSIGN_DATA_DIR ?? '';
const consoleUrl = () => `http://127.0.0.1:${settings.COUNTERSIGN_CONSOLE_PORT}`;
const serviceUrl = () => `http://127.0.0.1:${settings.COUNTERSIGN_SERVICE_PORT}`;

async function start(variables: Record<string, string> = {}): Promise<RunningCli> {
  const cli = await runCli(['start'], product, { ...settings, ...variables });
  running.push(cli);
  return cli;
}

async function runtime(): Promise<Runtime> {
  const found = await readRuntime(path.join(dataDirectory(), 'runtime.json'));
  if (!found) throw new Error('There is no runtime file.');
  return found;
}

async function processOf(name: string) {
  const found = (await runtime()).processes.find((child) => child.name === name);
  if (!found) throw new Error(`${name} does not run.`);
  return found;
}

async function ownerUrl(): Promise<string> {
  const password = (await readFile(path.join(dataDirectory(), 'postgres', 'owner-password'), 'utf8')).trim();
  return `postgres://countersign_owner:${password}@127.0.0.1:${(await runtime()).postgresPort}/countersign`;
}

async function eventually(what: string, holds: () => Promise<boolean>, withinMs = 15_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds().catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-supervisor-'));
  await chmod(folder, 0o711);
  product = await writeFakeProduct(folder, process.cwd());
  const [console, service, ops] = await Promise.all([freePort(), freePort(), freePort()]);
  settings = {
    COUNTERSIGN_DATA_DIR: path.join(folder, 'data'),
    COUNTERSIGN_CONSOLE_PORT: String(console),
    COUNTERSIGN_SERVICE_PORT: String(service),
    COUNTERSIGN_OPS_PORT: String(ops),
  };
});

afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGTERM');
    await ended;
  }
  running = [];
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('countersign start', { timeout: 60_000 }, () => {
  it('brings everything up, prints the setup link, and stops everything on SIGTERM', async () => {
    const cli = await start();
    await cli.said('Ctrl-C stops');
    expect(cli.output()).toContain(`${consoleUrl()}/setup?token=`);
    expect((await fetch(consoleUrl())).status).toBe(200);
    const { processes } = await runtime();
    expect(processes.map(({ name }) => name)).toEqual(['service', 'console', 'postgres']);
    cli.child.kill('SIGTERM');
    expect(await cli.ended).toBe(0);
    expect(processes.filter(isRunning)).toEqual([]);
  });

  it('gives each process only the secrets it needs', async () => {
    const cli = await start();
    await cli.said('Ctrl-C stops');
    const ofConsole = (await (await fetch(`${consoleUrl()}/env`)).json()) as string[];
    const ofService = (await (await fetch(`${serviceUrl()}/env`)).json()) as string[];
    expect(ofConsole).not.toContain('COUNTERSIGN_MASTER_KEY');
    expect(ofConsole).not.toContain('COUNTERSIGN_SERVICE_DATABASE_URL');
    expect(ofService).not.toContain('COUNTERSIGN_SESSION_SECRET');
    expect(ofService).not.toContain('COUNTERSIGN_CONSOLE_DATABASE_URL');
    for (const name of ['master-key', 'session-secret', 'service-database-password', 'runtime.json']) {
      expect((await stat(path.join(dataDirectory(), name))).mode & 0o777, name).toBe(0o600);
    }
  });

  it('goes on with the same data and the same master key at the next start', async () => {
    const before = await readFile(path.join(dataDirectory(), 'master-key'), 'utf8');
    const cli = await start();
    await cli.said('Ctrl-C stops');
    expect(cli.output()).toContain('The database is up to date.');
    expect(await readFile(path.join(dataDirectory(), 'master-key'), 'utf8')).toBe(before);
  });

  it('starts the console, the service and Postgres again after kill -9, within 15 s', async () => {
    const cli = await start();
    await cli.said('Ctrl-C stops');
    for (const name of ['console', 'service', 'postgres']) {
      const victim = await processOf(name);
      process.kill(victim.pid, 'SIGKILL');
      await eventually(`${name} is back`, async () => (await processOf(name)).pid !== victim.pid);
    }
    await eventually('all answer', async () => {
      await Promise.all([fetch(consoleUrl()), fetch(serviceUrl())]);
      const database = openDatabase({ url: await ownerUrl(), applicationName: 'test', max: 1 });
      await database.sql`select 1`.finally(() => database.close());
      return true;
    });
  });

  it('leaves no process behind when it is killed, and starts again at once', async () => {
    const cli = await start();
    await cli.said('Ctrl-C stops');
    const { processes } = await runtime();
    cli.child.kill('SIGKILL');
    await eventually('every child has ended', async () => !processes.some(isRunning));
    const next = await start();
    await next.said('Ctrl-C stops');
  });

  it('says in one line that a port is taken, naming its variable', async () => {
    const taken = createServer().listen(Number(settings.COUNTERSIGN_SERVICE_PORT), '127.0.0.1');
    try {
      const cli = await start();
      expect(await cli.ended).toBe(1);
      expect(cli.errors().trim().split('\n')).toHaveLength(1);
      expect(cli.errors()).toMatch(/^countersign: Port \d+ .* is taken.*COUNTERSIGN_SERVICE_PORT/);
    } finally {
      taken.close();
    }
  });

  it('refuses a second supervisor on one data directory', async () => {
    const first = await start();
    await first.said('Ctrl-C stops');
    const second = await start();
    expect(await second.ended).toBe(1);
    expect(second.errors()).toMatch(
      /^countersign: Countersign is already running on .* \(process \d+\)\.\n$/,
    );
    expect((await fetch(consoleUrl())).status).toBe(200);
  });

  it('says in one line why a process refuses to start, and leaves nothing running', async () => {
    const cli = await start({ COUNTERSIGN_NODE_NAME: 'refuses' });
    expect(await cli.ended).toBe(1);
    expect(cli.errors()).toContain(
      'countersign: The attestation service ended at its start: The master key does not open the vault.\n',
    );
  });

  it('says in one line that the master key of an existing database is missing', async () => {
    const file = path.join(dataDirectory(), 'master-key');
    const key = await readFile(file, 'utf8');
    await rm(file);
    const cli = await start();
    expect(await cli.ended).toBe(1);
    expect(cli.errors()).toMatch(/^countersign: The master key .* is missing.*COUNTERSIGN_MASTER_KEY\.\n$/);
    expect(existsSync(path.join(dataDirectory(), 'supervisor.lock'))).toBe(false);
    const given = await start({ COUNTERSIGN_MASTER_KEY: key.trim() });
    await given.said('Ctrl-C stops');
  });

  it('says in one line that the database belongs to a newer version, and changes nothing', async () => {
    const key = 'A'.repeat(43);
    const first = await start({ COUNTERSIGN_MASTER_KEY: key });
    await first.said('Ctrl-C stops');
    const database = openDatabase({ url: await ownerUrl(), applicationName: 'test', max: 1 });
    await database.sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', 9999999999999)`;
    await database.close();
    first.child.kill('SIGTERM');
    await first.ended;
    const cli = await start({ COUNTERSIGN_MASTER_KEY: key });
    expect(await cli.ended).toBe(1);
    expect(cli.errors().trim().split('\n')).toHaveLength(1);
    expect(cli.errors()).toContain('belongs to a newer version of Countersign');
  });

  it('says in one line each which variables are wrong', async () => {
    const cli = await start({ COUNTERSIGN_CONSOLE_PORT: 'many', COUNTERSIGN_SERVICE_PRT: '1' });
    expect(await cli.ended).toBe(1);
    expect(cli.errors()).toContain('COUNTERSIGN_CONSOLE_PORT');
    expect(cli.errors()).toContain('COUNTERSIGN_SERVICE_PRT is not a setting of Countersign');
  });
});
