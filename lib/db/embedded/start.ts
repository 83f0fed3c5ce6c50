import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDriver } from '../driver';
import { findBinaries, type PostgresBinaries, unprivilegedUser } from './binaries';
import { type Launcher, launcherFor, type RunAs } from './run-as';

const OWNER = 'countersign_owner';
const DATABASE = 'countersign';
/** How long a server that is ending, because whoever started it was killed, may take to. */
const PATIENCE_MS = 10_000;

/** A running embedded Postgres. */
export interface EmbeddedPostgres {
  /** Connection of the role that owns the tables. */
  ownerUrl: string;
  pid: number;
  /** Resolves when the server ends for whatever reason. */
  exited: Promise<void>;
  /** Fast shutdown: open transactions roll back, everything committed is on disk. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Folder that holds the cluster; made on the first start. */
  directory: string;
  /** Root of the project, from which the npm package is resolved. */
  root: string;
  /** Receives the server's log, line by line. */
  onLog?: (line: string) => void;
  /** Loopback port to listen on, so that a restart keeps its address; absent: any that is free. */
  port?: number;
  /** More `name=value` server settings. */
  settings?: readonly string[];
}

/**
 * Starts the cluster in `directory`, making it first where there is none. It listens on a free loopback port and a Unix
 * socket, takes passwords only (SCRAM), and runs in a process group of its own, so that Ctrl-C in a terminal reaches our supervisor
 * first and the database last. It does not outlive us, however we end.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries(options.root);
  const runAs = await unprivilegedUser();
  const cluster = path.join(options.directory, 'cluster');
  await mkdir(options.directory, { recursive: true, mode: 0o711 });
  const run = await launcherFor(runAs, [binaries.postgres, cluster]);
  if (!existsSync(path.join(cluster, 'PG_VERSION')))
    await initialise(binaries, options.directory, cluster, { runAs, run });
  const password = (await readFile(passwordFile(options.directory), 'utf8')).trim();
  await awaitFormerServer(cluster);
  const port = options.port ?? (await freePort());
  const server = await launch(binaries, cluster, port, run, options);
  const url = (database: string) =>
    `postgres://${OWNER}:${password}@127.0.0.1:${port}/${database}${socketParameter(cluster, port)}`;
  await createDatabase(url('postgres')).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  return { ...server, ownerUrl: url(DATABASE) };
}

/** Longest path of a socket (`sun_path` of unix(7), less its end). */
const LONGEST_SOCKET_PATH = 107;

/** Folder of the server's Unix socket, which nobody else may pass through; nothing where its path would be too long. */
function socketFolder(cluster: string, port: number): string | undefined {
  const file = path.resolve(cluster, `.s.PGSQL.${port}`);
  return Buffer.byteLength(file) <= LONGEST_SOCKET_PATH ? path.dirname(file) : undefined;
}

/** What makes a connection take the socket: it spares rows that come by the thousand the way through loopback TCP. */
function socketParameter(cluster: string, port: number): string {
  const folder = socketFolder(cluster, port);
  return folder === undefined ? '' : `?host=${encodeURIComponent(folder)}`;
}

/** A folder in a list of folders, whatever its name holds; empty where there is none. */
const quotedFolder = (folder: string | undefined) =>
  folder === undefined ? '' : `"${folder.replaceAll('"', '""')}"`;

const passwordFile = (directory: string) => path.join(directory, 'owner-password');

async function initialise(
  binaries: PostgresBinaries,
  directory: string,
  cluster: string,
  { runAs, run }: { runAs: RunAs; run: Launcher },
): Promise<void> {
  // What a crash left of an earlier attempt has no PG_VERSION, which initdb writes, and holds no data.
  await rm(cluster, { recursive: true, force: true });
  await mkdir(cluster, { mode: 0o700 });
  const secret = passwordFile(directory);
  await writeFile(secret, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  if (runAs) await Promise.all([chown(cluster, runAs.uid, runAs.gid), chown(secret, runAs.uid, runAs.gid)]);
  const flags = [`--pgdata=${cluster}`, `--username=${OWNER}`, `--pwfile=${secret}`, '--auth=scram-sha-256'];
  await new Promise<void>((resolve, reject) => {
    const child = run(binaries.initdb, [...flags, '--encoding=UTF8', '--locale=C', '--data-checksums'], {
      cwd: '/',
      env: { TZ: 'UTC', NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`initdb failed (${code}): ${output.trim().slice(-2000)}`)),
    );
  });
}

/**
 * Waits for a server on the cluster to end. After `kill -9` of everything, its lock file names a process that is gone, or
 * by now a stranger, and is removed.
 */
async function awaitFormerServer(cluster: string): Promise<void> {
  const file = path.join(cluster, 'postmaster.pid');
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const lock = await readFile(file, 'utf8').catch(() => undefined);
    if (lock === undefined) return;
    const pid = Number(lock.split('\n')[0]);
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (!command.includes(cluster)) break;
    if (performance.now() > deadline) {
      throw new Error(
        `Another Postgres (process ${pid}) is running on ${cluster}. Is Countersign already started?`,
      );
    }
    await sleep(50);
  }
  if (process.platform === 'linux') await rm(file, { force: true });
}

const MEBIBYTE = 2 ** 20;

/**
 * How much the server keeps in memory of its own: an eighth of what there is. What it reads again and again (a month of counts) is
 * copied from the system's cache otherwise, each time.
 * @param totalBytes - of the machine
 * @param constrainedBytes - what the process is limited to; 0 or more than there is, where it is not
 */
export function bufferMb(totalBytes: number, constrainedBytes = 0): number {
  const bytes = constrainedBytes > 0 ? Math.min(totalBytes, constrainedBytes) : totalBytes;
  return Math.min(2_048, Math.max(128, Math.floor(bytes / 8 / MEBIBYTE)));
}

async function launch(
  binaries: PostgresBinaries,
  cluster: string,
  port: number,
  run: Launcher,
  options: EmbeddedOptions,
): Promise<{ pid: number; exited: Promise<void>; stop(): Promise<void> }> {
  const settings = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${quotedFolder(socketFolder(cluster, port))}`,
    'max_connections=100',
    `shared_buffers=${bufferMb(os.totalmem(), process.constrainedMemory())}MB`,
    'timezone=UTC',
    ...(options.settings ?? []),
  ];
  const args = ['-D', cluster, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const child = run(binaries.postgres, args, {
    cwd: '/',
    env: { TZ: 'UTC', NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.pid !== undefined) guardAgainstOrphan(child.pid, exited);
  await ready(child, options.onLog);
  return {
    pid: child.pid ?? 0,
    exited,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      await exited;
    },
  };
}

/**
 * Ends Postgres should we end without having done so: a shell that waits for our end of a pipe to close. It tells the
 * server's end (a line) from ours (the end of the stream).
 */
function guardAgainstOrphan(pid: number, exited: Promise<void>): void {
  const guard = spawn('/bin/sh', ['-c', 'read -r released || kill -INT "$0"', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: { NODE_ENV: 'production' },
    cwd: '/',
  });
  guard.on('error', () => undefined);
  guard.stdin?.on('error', () => undefined);
  guard.unref();
  exited.then(() => guard.stdin?.end('\n'));
}

function ready(child: ChildProcess, onLog: ((line: string) => void) | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let last = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString('utf8').split('\n').filter(Boolean)) {
        last = line;
        onLog?.(line);
        if (line.includes('database system is ready to accept connections')) resolve();
      }
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Postgres ended at its start (${code}): ${last}`)));
  });
}

async function createDatabase(adminUrl: string): Promise<void> {
  const sql = openDriver(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    const [found] = await sql`select 1 from pg_database where datname = ${DATABASE}`;
    if (!found) await sql.unsafe(`create database ${DATABASE}`);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** A loopback port that was free a moment ago. */
async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
