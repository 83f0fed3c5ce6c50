import { spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { scratchFolder } from '../drizzle/testing/scratch.js';
import { bin, run } from './steps.js';

const isRoot = process.getuid?.() === 0;
let isUpdated = false;

/** Installs a Debian package where we may. @returns why it could not be, or nothing. */
async function aptInstall(name) {
  if (!isRoot) return `${name} is not installed, and only root can install it`;
  if (!existsSync('/usr/bin/apt-get')) return `${name} is not installed, and there is no apt-get here`;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  if (!isUpdated) {
    await run('apt-get', ['update', '-qq'], { quiet: true, env });
    isUpdated = true;
  }
  const { ok, output } = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], {
    quiet: true,
    env,
  });
  return ok ? undefined : `apt-get install ${name} failed: ${output.trim().split('\n').at(-1)}`;
}

/** Chromium for the browser tests. @returns its path (empty for Playwright's own), or why there is none. */
export async function provideChromium() {
  const { chromium } = await import('@playwright/test');
  if (existsSync(chromium.executablePath())) return { path: '' };
  const system = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    existsSync,
  );
  if (system) return { path: system };
  const download = await run(bin('playwright'), ['install', 'chromium'], { quiet: true, timeoutMs: 300_000 });
  if (download.ok && existsSync(chromium.executablePath())) {
    if (isRoot)
      await run(bin('playwright'), ['install-deps', 'chromium'], { quiet: true, timeoutMs: 300_000 });
    return { path: '' };
  }
  const problem = await aptInstall('chromium');
  if (!problem) return { path: '/usr/bin/chromium' };
  return { problem: `Playwright's Chromium cannot be downloaded, and ${problem}` };
}

/** nginx for its test. @returns its path, or why there is none. */
export async function provideNginx() {
  const found = () => ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/bin/nginx'].find(existsSync);
  if (found()) return { path: found() };
  const problem = await aptInstall('nginx');
  return problem ? { problem } : { path: found() };
}

/** A PostgreSQL 15 of our own on a free port. @returns its URL and how to stop it, or why there is none. */
export async function providePostgres15() {
  const folder = '/usr/lib/postgresql/15/bin';
  if (!existsSync(folder)) {
    const problem = await aptInstall('postgresql-15');
    if (problem) return { problem };
  }
  const ids = isRoot ? await idsOf('postgres') : undefined;
  const home = mkdtempSync(path.join(scratchFolder(), 'countersign-pg15-'));
  const secret = path.join(home, 'password');
  writeFileSync(secret, 'pg15-test', { mode: 0o600 });
  chmodSync(home, 0o700);
  if (ids) for (const file of [home, secret]) chownSync(file, ids.uid, ids.gid);
  const data = path.join(home, 'data');
  const flags = [
    `--pgdata=${data}`,
    '--username=owner',
    `--pwfile=${secret}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
  ];
  await finished(spawn(path.join(folder, 'initdb'), flags, { cwd: '/', stdio: 'ignore', ...ids }));
  const port = await freePort();
  const settings = [
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'max_connections=200',
    'timezone=UTC',
  ];
  const listen = ['listen_addresses=127.0.0.1', 'unix_socket_directories='];
  const args = [
    '-D',
    data,
    '-p',
    String(port),
    ...[...listen, ...settings].flatMap((setting) => ['-c', setting]),
  ];
  const server = spawn(path.join(folder, 'postgres'), args, {
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    ...ids,
  });
  await announced(server, 'ready to accept connections');
  return {
    url: `postgres://owner:pg15-test@127.0.0.1:${port}/postgres`,
    stop: async () => {
      const end = finished(server);
      server.kill('SIGINT');
      await end.catch(() => undefined);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function idsOf(user) {
  const [uid, gid] = await Promise.all([
    run('id', ['-u', user], { quiet: true }),
    run('id', ['-g', user], { quiet: true }),
  ]);
  return { uid: Number(uid.output), gid: Number(gid.output) };
}

function finished(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${child.spawnfile} ended with status ${code}`)),
    );
  });
}

async function announced(child, text) {
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  while (!output.includes(text)) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL 15 does not start: ${output.slice(-500)}`);
    await sleep(50);
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
