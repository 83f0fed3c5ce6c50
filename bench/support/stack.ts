import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { registerApi, registerApp } from '@/lib/apps';
import { systemClock } from '@/lib/core';
import {
  CONSOLE_ROLE,
  type Database,
  migrateDatabase,
  openDatabase,
  SERVICE_ROLE,
  setRolePasswords,
  urlForRole,
} from '@/lib/db';
import { startEmbeddedPostgres } from '@/lib/db/embedded';
import { createTestCa, type TestCa } from '@/lib/evidence/testing';

/** What the benchmark's app is registered with. */
export const BENCH_APP = {
  id: 'bench-app',
  teamId: 'ABCDE12345',
  bundleId: 'com.example.bench',
  packageName: 'com.example.bench',
  signerDigest: 'ab'.repeat(32),
  appVersion: '1.0.0',
  apiId: 'bench-api',
} as const;

/** Who acts in benchmarks. */
export const BENCH_ACTOR = { kind: 'cli' as const, id: 'bench', name: 'bench' };

/** The product's own service on a database of its own, in processes of their own. */
export interface Stack {
  url: string;
  port: number;
  nodeIds: readonly string[];
  ca: TestCa;
  /** Pool under the console's role. */
  console: Database;
  /** Pool under the service's role, and its URL. */
  service: Database;
  serviceUrl: string;
  /** A pool like the console's whose commits wake nobody, as if every notification were lost. */
  silentConsole(): Promise<Database>;
  /** CPU seconds that the service's processes have used so far. */
  serviceCpuSeconds(): Promise<number>;
  close(): Promise<void>;
}

/** Starts embedded Postgres and the bundled service with `workers` workers, and registers the app and its API. */
export async function startStack(root: string, workers: number): Promise<Stack> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-bench-'));
  await chmod(folder, 0o711);
  const postgres = await startEmbeddedPostgres({ directory: path.join(folder, 'postgres'), root });
  await migrateDatabase(postgres.ownerUrl, root);
  const passwords = { console: randomBytes(16).toString('hex'), service: randomBytes(16).toString('hex') };
  await setRolePasswords(postgres.ownerUrl, passwords);
  const consoleUrl = urlForRole(postgres.ownerUrl, CONSOLE_ROLE, passwords.console);
  const serviceUrl = urlForRole(postgres.ownerUrl, SERVICE_ROLE, passwords.service);
  const console = openDatabase({ url: consoleUrl, applicationName: 'bench-console', max: 4 });
  const service = openDatabase({ url: serviceUrl, applicationName: 'bench-service', max: 4 });
  const ca = await register(console);
  const started = await startServiceProcess(root, serviceUrl, workers);
  return {
    url: `http://127.0.0.1:${started.port}`,
    port: started.port,
    nodeIds: started.nodeIds,
    ca,
    console,
    service,
    serviceUrl,
    silentConsole: () => silentConsole(postgres.ownerUrl, consoleUrl),
    serviceCpuSeconds: () => cpuSecondsOf(started.pid),
    close: async () => {
      await started.stop();
      await Promise.all([console.close(), service.close()]);
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The role's new sessions find a `pg_notify` that does nothing; those of before, and of later, find the real one. */
async function silentConsole(ownerUrl: string, consoleUrl: string): Promise<Database> {
  const owner = openDatabase({ url: ownerUrl, applicationName: 'bench-owner', max: 1 });
  const setting = (change: string) =>
    owner.sql.unsafe(`do $$ begin
      execute format('alter role ${CONSOLE_ROLE} in database %I ${change}', current_database()); end $$`);
  try {
    await owner.sql.unsafe(`create schema if not exists silent; grant usage on schema silent to public;
      create or replace function silent.pg_notify(text, text) returns void language sql as 'select'`);
    await setting('set search_path = silent, pg_catalog, public');
    const silent = openDatabase({ url: consoleUrl, applicationName: 'bench-silent', max: 1 });
    const [found] = await silent.sql`
      select 'pg_notify(text, text)'::regprocedure = 'silent.pg_notify(text, text)'::regprocedure as is_silent`;
    if (found?.is_silent !== true) throw new Error('The pool still notifies.');
    return silent;
  } finally {
    await setting('reset search_path');
    await owner.close();
  }
}

async function register(db: Database): Promise<TestCa> {
  const ca = createTestCa(Date.now());
  const context = { db, actor: BENCH_ACTOR, clock: systemClock };
  await registerApp(context, {
    id: BENCH_APP.id,
    name: 'Bench',
    environment: 'development',
    appleTeamId: BENCH_APP.teamId,
    appleBundleIds: [BENCH_APP.bundleId],
    appleEnvironments: ['production'],
    androidPackages: [BENCH_APP.packageName],
    androidSignerDigests: [BENCH_APP.signerDigest],
    trustAnchors: [ca.anchor],
    versions: [{ platform: 'android', version: BENCH_APP.appVersion }],
    policyTemplate: 'balanced',
  });
  await registerApi(context, {
    id: BENCH_APP.apiId,
    name: 'Bench API',
    appIds: [BENCH_APP.id],
    mode: 'enforce',
  });
  return ca;
}

interface ServiceProcess {
  pid: number;
  port: number;
  nodeIds: readonly string[];
  stop(): Promise<void>;
}

async function startServiceProcess(
  root: string,
  databaseUrl: string,
  workers: number,
): Promise<ServiceProcess> {
  const { ensureBundle } = await import(pathToFileURL(path.join(root, 'lib', 'cli', 'bundle.js')).href);
  const bundle: string = await ensureBundle(root);
  const [port, opsPort] = await Promise.all([freePort(), freePort()]);
  const child = fork(path.join(bundle, 'service.mjs'), [], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      COUNTERSIGN_SERVICE_DATABASE_URL: databaseUrl,
      COUNTERSIGN_MASTER_KEY: randomBytes(32).toString('base64url'),
      COUNTERSIGN_SERVICE_PORT: String(port),
      COUNTERSIGN_OPS_PORT: String(opsPort),
      COUNTERSIGN_WORKERS: String(workers),
      COUNTERSIGN_LOG_LEVEL: 'warn',
      COUNTERSIGN_STATUS_LIST_URL: 'off',
    },
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = await new Promise<{ nodeIds: string[] }>((resolve, reject) => {
    child.on('message', (message: { type?: string; nodeIds?: string[] }) => {
      if (message.type === 'ready') resolve({ nodeIds: message.nodeIds ?? [] });
    });
    child.once('exit', () => reject(new Error('The service ended at its start.')));
  });
  return {
    pid: child.pid ?? 0,
    port,
    nodeIds: ready.nodeIds,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** A loopback port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** CPU seconds used so far by a process and its children, from /proc. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const { readFile } = await import('node:fs/promises');
  const ticks = async (one: number): Promise<number> => {
    const stat = await readFile(`/proc/${one}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const children = (await readFile(`/proc/${one}/task/${one}/children`, 'utf8').catch(() => ''))
      .split(' ')
      .filter(Boolean)
      .map(Number);
    const below = await Promise.all(children.map(ticks));
    return Number(fields[11]) + Number(fields[12]) + below.reduce((sum, value) => sum + value, 0);
  };
  return (await ticks(pid)) / 100;
}
