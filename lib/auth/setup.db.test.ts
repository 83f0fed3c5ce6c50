import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { completeSetup, createSetupToken, isSetUp, isSetupTokenGood, signIn } from '@/lib/auth';
import { fixedClock } from '@/lib/core';
import { actorWith } from './testing/actors';

let db: TestDatabase;
const clock = fixedClock(Date.now());
const cli = { kind: 'cli', id: 'root', name: 'root' } as const;
const PASSWORD = 'a walrus under 7 lamps';
const input = (token: string, index = 0) => ({
  token,
  email: `admin${index}@example.test`,
  name: 'Ada Min',
  password: PASSWORD,
});

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('refuses an actor without permission to make a link', async () => {
  await expect(
    createSetupToken({ db: db.console, actor: actorWith('responder'), clock }),
  ).rejects.toMatchObject({ code: 'permission_denied' });
});

test('refuses a link that is wrong or a day old, and stores no link that could be read', async () => {
  const { token } = await createSetupToken({ db: db.console, actor: cli, clock });
  const [row] = await db.owner.sql`select encode(digest, 'hex') as digest from setup_tokens`;
  expect(row?.digest).not.toContain(Buffer.from(token, 'base64url').toString('hex'));
  await expect(completeSetup({ db: db.console, clock }, input('wrong'))).rejects.toMatchObject({
    code: 'setup_token_invalid',
  });
  clock.advance(24 * 3_600_000);
  expect(await isSetupTokenGood({ db: db.console, clock }, token)).toBe(false);
  await expect(completeSetup({ db: db.console, clock }, input(token))).rejects.toMatchObject({
    code: 'setup_token_invalid',
  });
});

test('lets exactly one of 50 parallel uses, of two links, make the first administrator', async () => {
  const ctx = { db: db.console, actor: cli, clock };
  const tokens = [await createSetupToken(ctx), await createSetupToken(ctx)];
  expect(await isSetUp(db.console)).toBe(false);
  const results = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) =>
      completeSetup(ctx, input(tokens[index % 2]?.token ?? '', index)),
    ),
  );
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  const [count] = await db.owner.sql`select count(*)::int as staff from staff`;
  expect(count?.staff).toBe(1);
  const audit = await db.owner.sql`select 1 from audit_log where action = 'setup.complete'`;
  expect(audit).toHaveLength(1);
  expect(await isSetUp(db.console)).toBe(true);
  await expect(createSetupToken(ctx)).rejects.toMatchObject({ code: 'setup_already_done' });
  const [admin] = await db.owner.sql`select email from staff`;
  await expect(
    signIn(
      { db: db.console, clock },
      { email: admin?.email, password: PASSWORD },
      { network: 'n', userAgent: '' },
    ),
  ).resolves.toBeDefined();
}, 60_000);
