import { execFile, execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixedClock, type Logger, silentLogger } from '@/lib/core';
import { type Database, openDatabase } from './open';
import { type Replica, watchReplica } from './replica';

/** The build that is embedded has no `pg_basebackup`: a replica needs a server of the system's own. */
const BIN = '/usr/lib/postgresql/15/bin';
const isMissing = !existsSync(path.join(BIN, 'pg_basebackup'));
if (isMissing) process.stderr.write(`Skipped: a streaming replica needs PostgreSQL 15 in ${BIN}.\n`);

const run = promisify(execFile);
const account: { uid?: number; gid?: number } =
  process.getuid?.() === 0 && !isMissing ? postgresAccount() : {};
let folder = '';
let ports = { primary: 0, replica: 0 };

/** Postgres refuses to run as root. */
function postgresAccount(): { uid: number; gid: number } {
  const id = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

const tool = (name: string, ...args: string[]) =>
  run(path.join(BIN, name), args, {
    ...account,
    cwd: folder,
    env: { NODE_ENV: 'test', PATH: '/usr/bin:/bin' },
  });
const data = (name: string) => path.join(folder, name);

async function start(name: 'primary' | 'replica'): Promise<void> {
  const settings = `-p ${ports[name]} -k '' -c listen_addresses=127.0.0.1 -c fsync=off`;
  await tool('pg_ctl', '-D', data(name), '-w', '-l', data(`${name}.log`), '-o', settings, 'start');
}
const stop = (name: string) => tool('pg_ctl', '-D', data(name), '-m', 'fast', '-w', 'stop');

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const open = (port: number, user: string) =>
  openDatabase({ url: `postgres://${user}@127.0.0.1:${port}/postgres`, applicationName: 'test', max: 3 });

describe.skipIf(isMissing)('a streaming replica', () => {
  const clock = fixedClock(0);
  const told: string[] = [];
  const note = (_: unknown, message?: string) => told.push(message ?? '');
  const logger = { ...silentLogger, info: note, warn: note } as Logger;
  let owner: Database;
  let replicaOwner: Database;
  let watched: Replica;
  const pools: Database[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-replica-'));
    const { uid, gid } = account;
    if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
    ports = { primary: await freePort(), replica: await freePort() };
    await tool('initdb', '-D', data('primary'), '-U', 'postgres', '-A', 'trust', '--no-sync');
    await start('primary');
    const from = ['-h', '127.0.0.1', '-p', String(ports.primary), '-U', 'postgres'];
    await tool(
      'pg_basebackup',
      '-D',
      data('replica'),
      '-R',
      '-X',
      'stream',
      '-c',
      'fast',
      '--no-sync',
      ...from,
    );
    await start('replica');
    owner = open(ports.primary, 'postgres');
    replicaOwner = open(ports.replica, 'postgres');
    await owner.sql`create role reader login`;
    await owner.sql`create table events (id int)`;
    await owner.sql`grant select on events to reader`;
    const primary = open(ports.primary, 'reader');
    pools.push(owner, replicaOwner, primary);
    watched = watchReplica({
      primary,
      replica: open(ports.replica, 'reader'),
      logger,
      nowMs: clock.nowMs,
      mostLagMs: 200,
    });
  });

  afterAll(async () => {
    await Promise.all([...pools.map((pool) => pool.close()), watched?.close()]);
    await Promise.allSettled([stop('replica'), stop('primary')]);
    rmSync(folder, { recursive: true, force: true });
  });

  /** How it stands once it is looked at again. */
  const now = () => {
    clock.advance(2_001);
    return watched.standing();
  };
  const insert = () => owner.sql`insert into events values (1)`;

  test('is read while it keeps up, and only read', async () => {
    await insert();
    await expect.poll(async () => (await now()).db).not.toBeNull();
    const { db, lagMs } = await now();
    expect(lagMs).toBeLessThanOrEqual(200);
    await expect.poll(async () => (await db?.sql.unsafe('select * from events'))?.length).toBe(1);
    await expect(db?.sql.unsafe('create temporary table t (i int)')).rejects.toMatchObject({ code: '25006' });
    expect(told.splice(0)).toEqual(['telemetry is read from the replica']);
  });

  test('is not read while it is too far behind, and again once it has caught up', async () => {
    await replicaOwner.sql`select pg_wal_replay_pause()`;
    await insert();
    await new Promise((resolve) => setTimeout(resolve, 250));
    await insert();
    const late = await now();
    expect(late.db).toBeNull();
    expect(late.lagMs).toBeGreaterThan(200);
    await replicaOwner.sql`select pg_wal_replay_resume()`;
    await expect.poll(async () => (await now()).db).not.toBeNull();
    expect(told.splice(0)).toEqual([
      'the replica is too far behind: telemetry is read from the primary',
      'telemetry is read from the replica',
    ]);
  });

  test('is not read while it is away, nor after a read that failed until it is looked at again', async () => {
    await stop('replica');
    expect(await now()).toEqual({ db: null, lagMs: null });
    await start('replica');
    await expect.poll(async () => (await now()).db, { timeout: 5_000 }).not.toBeNull();
    watched.failed(new Error('connection lost'));
    expect((await watched.standing()).db).toBeNull();
    expect((await now()).db).not.toBeNull();
    expect(told.splice(0)).toHaveLength(4);
  });

  test('is not taken for one where it is the primary itself', async () => {
    const primary = open(ports.primary, 'reader');
    const self = watchReplica({ primary, replica: primary, logger, nowMs: () => 0 });
    expect(await self.standing()).toEqual({ db: null, lagMs: null });
    await self.close();
  });
});
