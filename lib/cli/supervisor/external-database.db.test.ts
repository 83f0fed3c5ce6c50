import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ROLE_PASSWORDS } from '@/drizzle/testing/constants';
import { CONSOLE_ROLE, openDatabase, SERVICE_ROLE, urlForRole } from '@/lib/db';
import { writeFakeProduct } from '../testing/fake-product';
import { type RunningCli, runCli } from '../testing/run-cli';
import { freePort } from './ports';
import { readRuntime } from './runtime-file';

const name = `countersign_external_${randomBytes(6).toString('hex')}`;

let folder: string;
let ownerUrl: string;

async function administer(statement: string): Promise<void> {
  const cluster = openDatabase({ url: inject('clusterUrl'), applicationName: 'test', max: 1 });
  await cluster.sql.unsafe(statement).finally(() => cluster.close());
}

async function command(args: readonly string[], variables: Record<string, string>): Promise<RunningCli> {
  const product = { root: folder, bundle: path.join(folder, 'bundle') };
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  return runCli(args, product, {
    COUNTERSIGN_DATA_DIR: path.join(folder, 'data'),
    COUNTERSIGN_CONSOLE_PORT: String(ports[0]),
    COUNTERSIGN_SERVICE_PORT: String(ports[1]),
    COUNTERSIGN_OPS_PORT: String(ports[2]),
    ...variables,
  });
}

/** The roles belong to the whole cluster, which other tests use: their passwords stay as they are. */
const roleUrls = () => ({
  COUNTERSIGN_CONSOLE_DATABASE_URL: urlForRole(ownerUrl, CONSOLE_ROLE, ROLE_PASSWORDS.console),
  COUNTERSIGN_SERVICE_DATABASE_URL: urlForRole(ownerUrl, SERVICE_ROLE, ROLE_PASSWORDS.service),
});

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-external-'));
  await writeFakeProduct(folder, process.cwd());
  await administer(`create database ${name}`);
  const url = new URL(inject('clusterUrl'));
  url.pathname = `/${name}`;
  ownerUrl = url.href;
});

afterAll(async () => {
  await administer(`drop database if exists ${name} with (force)`);
  await rm(folder, { recursive: true, force: true });
});

describe('with a database of somebody else', () => {
  it('migrates it, and starts no Postgres of its own', async () => {
    const cli = await command(['start'], { DATABASE_URL: ownerUrl, ...roleUrls() });
    await cli.said('Ctrl-C stops');
    expect(cli.output()).toMatch(/The database is migrated \(\d+ steps\)\./);
    const runtime = await readRuntime(path.join(folder, 'data', 'runtime.json'));
    expect(runtime?.processes.map((child) => child.name)).toEqual(['service', 'console']);
    expect(runtime?.postgresPort).toBeNull();
    cli.child.kill('SIGTERM');
    expect(await cli.ended).toBe(0);
  });

  it('starts on a prepared database without the owner’s connection', async () => {
    const cli = await command(['start'], roleUrls());
    await cli.said('Ctrl-C stops');
    expect(cli.output()).not.toContain('The database is');
    cli.child.kill('SIGTERM');
    expect(await cli.ended).toBe(0);
  });

  it('migrates and makes accounts without a supervisor', async () => {
    const migrated = await command(['migrate'], { DATABASE_URL: ownerUrl, ...roleUrls() });
    expect(await migrated.ended).toBe(0);
    expect(migrated.output()).toBe('The database is up to date.\n');
    const args = ['staff', 'create', '--email', 'ada@example.com', '--name', 'Ada Stone', '--role', 'admin'];
    const created = await command(args, { DATABASE_URL: ownerUrl, ...roleUrls() });
    expect(await created.ended).toBe(0);
    expect(created.output()).toMatch(/^Created ada@example\.com \(admin\)\.\nPassword: \S{20}\n$/);
    const again = await command(args, { DATABASE_URL: ownerUrl, ...roleUrls() });
    expect(await again.ended).toBe(1);
    expect(again.errors()).toMatch(/^countersign: .*exists already\..*\n$/);
  });

  it('registers an app once', async () => {
    const args = [
      'app',
      'register',
      '--id',
      'shop',
      '--name',
      'Shop',
      '--android-packages',
      'com.example.shop',
    ];
    const whole = [
      ...args,
      '--android-signers',
      'ab'.repeat(32),
      '--versions',
      'android:1.0.0',
      '--api',
      'shop-api',
    ];
    const registered = await command(whole, { DATABASE_URL: ownerUrl, ...roleUrls() });
    expect(await registered.ended).toBe(0);
    expect(registered.output()).toBe('Registered shop and the API shop-api (observe).\n');
    const again = await command(whole, { DATABASE_URL: ownerUrl, ...roleUrls() });
    expect(await again.ended).toBe(1);
    expect(again.errors().trim().split('\n')).toHaveLength(1);
    const incomplete = await command(args, { DATABASE_URL: ownerUrl, ...roleUrls() });
    expect(await incomplete.ended).toBe(2);
  });

  it('says in one line that nothing listens there, without the password', async () => {
    const url = `postgres://owner:secret@127.0.0.1:${await freePort()}/nothing`;
    const cli = await command(['start'], { DATABASE_URL: url });
    expect(await cli.ended).toBe(1);
    expect(cli.errors()).toMatch(
      /^countersign: The database at 127\.0\.0\.1:\d+ \(DATABASE_URL\) cannot be used: .*\n$/,
    );
    expect(cli.errors()).not.toContain('secret');
  });

  it('says by its variable which role is not let in, and why', async () => {
    const { COUNTERSIGN_SERVICE_DATABASE_URL: right, ...others } = roleUrls();
    const wrong = new URL(right);
    wrong.password = 'mistyped';
    const cli = await command(['start'], { ...others, COUNTERSIGN_SERVICE_DATABASE_URL: wrong.href });
    expect(await cli.ended).toBe(1);
    expect(cli.errors()).toMatch(
      /^countersign: The database at .* \(COUNTERSIGN_SERVICE_DATABASE_URL\) cannot be used: the password is wrong\.\n$/,
    );
  });

  it('refuses a pooler that does not take the settings of a session', async () => {
    // PgBouncer's answer (1.18) to a startup packet with a parameter that it was not told to ignore.
    const fields = 'SFATAL\0C08P01\0Munsupported startup parameter: statement_timeout\0\0';
    const answer = Buffer.concat([Buffer.from('E'), Buffer.alloc(4), Buffer.from(fields)]);
    answer.writeUInt32BE(answer.length - 1, 1);
    const pooler = createServer((socket) => socket.once('data', () => socket.end(answer)));
    await new Promise<void>((listening) => pooler.listen(0, '127.0.0.1', listening));
    const url = `postgres://any:any@127.0.0.1:${(pooler.address() as AddressInfo).port}/any`;
    const cli = await command(['start'], {
      COUNTERSIGN_CONSOLE_DATABASE_URL: url,
      COUNTERSIGN_SERVICE_DATABASE_URL: url,
    });
    expect(await cli.ended).toBe(1);
    expect(cli.errors()).toContain('(COUNTERSIGN_CONSOLE_DATABASE_URL) cannot be used');
    expect(cli.errors()).toContain('not to a pooler');
    pooler.close();
  });

  it('refuses the connection of one role without the other', async () => {
    const { COUNTERSIGN_CONSOLE_DATABASE_URL } = roleUrls();
    const cli = await command(['start'], { COUNTERSIGN_CONSOLE_DATABASE_URL });
    expect(await cli.ended).toBe(1);
    expect(cli.errors()).toContain('COUNTERSIGN_SERVICE_DATABASE_URL go together');
  });
});
