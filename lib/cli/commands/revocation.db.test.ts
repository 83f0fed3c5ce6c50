import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { seedApp, seedEvent, seedInstance } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { createSealingKeyPair, type SealingPublicJwk } from '@/lib/crypto';
import { advanceSigningKeys } from '@/lib/signing-keys';
import { main } from '../main';

let db: TestDatabase;
let folder: string;
let vaultKey: SealingPublicJwk;
let said: string[];
beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank');
  ({ publicJwk: vaultKey } = await createSealingKeyPair());
  await advanceSigningKeys(db.service, vaultKey);
  folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-revocation-'));
  vi.stubEnv('COUNTERSIGN_CONSOLE_DATABASE_URL', db.consoleUrl);
  vi.stubEnv('COUNTERSIGN_SERVICE_DATABASE_URL', db.serviceUrl);
  vi.stubEnv('COUNTERSIGN_DATA_DIR', folder);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
  await db.close();
});
beforeEach(() => {
  said = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line));
});

/** Runs a command line; gives its exit status. */
const run = (...args: string[]) => main(args, { root: process.cwd(), bundle: '' });
const reason = ['--reason', 'the console is down'];
const rows = async (query: string) => [...(await db.owner.sql.unsafe(query))];

describe('without the console', () => {
  it('lists the signing keys, rotates them once at a time, and revokes one for good', async () => {
    expect(await run('keys', 'list')).toBe(0);
    expect(said).toHaveLength(2);
    const kid = said[0]?.split(' ')[0] ?? '';
    expect(said[0]).toMatch(/^[\w-]{43} {2}active .* 0 devices hold a token$/);
    expect(await run('keys', 'rotate', ...reason)).toBe(0);
    expect(await run('keys', 'rotate', ...reason)).toBe(1);
    expect(said.at(-1)).toMatch(/on its way already/);
    expect(await run('keys', 'revoke', kid, ...reason)).toBe(0);
    expect(await run('keys', 'revoke', kid, ...reason)).toBe(1);
    expect(said.at(-1)).toMatch(/vouches for nothing any more/);
    expect(
      await rows("select actor_kind, reason from audit_log where action = 'signing_key.revoke'"),
    ).toEqual([{ actor_kind: 'cli', reason: 'the console is down' }]);
  });

  it('cuts an app off, and says how many devices that hit', async () => {
    const instanceId = await seedInstance(db.owner, 'bank');
    await seedEvent(db.owner, { appId: 'bank', atMs: Date.now() - 5_000, instanceId });
    expect(await run('cut-off', '--app', 'bank', ...reason)).toBe(0);
    expect(said[1]).toMatch(/^1 devices held one/);
    expect(await rows('select scope, target from cut_offs')).toEqual([{ scope: 'app', target: 'bank' }]);
  });

  it('registers a relying party with a credential that is shown once, lists it, and revokes it for good', async () => {
    await db.owner.sql`insert into apis (id, name, app_ids, mode, revision, created_at, updated_at)
      values ('retail-api', 'Retail', '{bank}', 'enforce', 1, now(), now())`;
    expect(await run('relying-party', 'list')).toBe(0);
    expect(said).toEqual(['No relying party is registered.']);
    const create = () => run('relying-party', 'create', '--name', 'Orders', '--api', 'retail-api');
    expect(await create()).toBe(0);
    const credential = said.at(-1) ?? '';
    expect(credential).toMatch(/^csr_[\w-]{43}$/);
    expect(await create()).toBe(1);
    said = [];
    expect(await run('relying-party', 'list')).toBe(0);
    expect(said.join('\n')).toMatch(/^[\w-]{36} {2}retail-api {2}Orders\n {2}never heard of$/);
    const [party] = await rows("select id, encode(credential_hash, 'base64') as hash from relying_parties");
    expect(party?.hash).toBe(createHash('sha256').update(credential).digest('base64'));
    const revoke = () => run('relying-party', 'revoke', String(party?.id), ...reason);
    expect(await revoke()).toBe(0);
    expect(await revoke()).toBe(1);
    expect(
      await rows("select action, actor_kind from audit_log where target_kind = 'relying_party' order by id"),
    ).toEqual([
      { action: 'relying_party.register', actor_kind: 'cli' },
      { action: 'relying_party.remove', actor_kind: 'cli' },
    ]);
    expect(JSON.stringify(await rows('select * from audit_log'))).not.toContain(credential);
  });

  it.each([
    [['relying-party', 'create', '--name', 'Orders'], 2],
    [['relying-party', 'create', '--name', 'Orders', '--api', 'nowhere'], 1],
    [['relying-party', 'revoke', 'orders', ...reason], 2],
    [['relying-party', 'revoke', ...reason], 2],
    [['keys', 'revoke', 'no-key', ...reason], 2],
    [['keys', 'revoke', ...reason], 2],
    [['keys', 'revoke', '-'.padEnd(43, 'k'), ...reason], 1],
    [['keys', 'revoke', '--'.padEnd(43, 'k'), ...reason], 1],
    [['keys', 'revoke', ...reason, '--', '-'.padEnd(43, 'k')], 1],
    [['keys', 'revoke', '--key-id', ...reason], 2],
    [['keys', 'rotate'], 2],
    [['cut-off', ...reason], 2],
    [['cut-off', '--all', '--app', 'bank', ...reason], 2],
    [['cut-off', '--all', '--before', 'yesterday', ...reason], 2],
    [['cut-off', '--app', 'nowhere', ...reason], 1],
  ])('refuses %j', async (args, status) => {
    const before = await rows('select count(*) from cut_offs');
    expect(await run(...args)).toBe(status);
    expect(await rows('select count(*) from cut_offs')).toEqual(before);
    expect(said).toHaveLength(1);
  });
});
