import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { seedApp } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import {
  changeOwnPassword,
  createStaff,
  listOwnSessions,
  loadSession,
  readAuditLog,
  revokeOtherSessions,
  revokeOwnSession,
  SESSION_SECONDS,
  type StaffActor,
  signIn,
} from '@/lib/auth';
import { fixedClock } from '@/lib/core';
import { actorWith } from './testing/actors';

const PASSWORD = 'a walrus under 7 lamps';
const ORIGIN = { network: '198.51.100.0/24', userAgent: 'vitest' };
let db: TestDatabase;
let clock = fixedClock(Date.now());
let person = { email: '', id: '' };
let counter = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedApp(db.owner, 'bank');
});
afterAll(() => db.close());

beforeEach(async () => {
  await db.owner.sql`delete from sign_in_throttles`;
  clock = fixedClock(Date.parse('2026-03-01T12:00:00Z'));
  counter += 1;
  const email = `person${counter}@example.test`;
  const { id } = await createStaff(as(actorWith('admin')), {
    email,
    name: 'Robin Doe',
    password: PASSWORD,
    role: 'analyst',
    appId: null,
  });
  person = { email, id };
});

const as = (actor: Parameters<typeof createStaff>[0]['actor']) => ({ db: db.console, actor, clock });
const host = () => ({ db: db.console, clock });
const enter = (password = PASSWORD, email = person.email) => signIn(host(), { email, password }, ORIGIN);

async function signedIn(): Promise<StaffActor> {
  const { sessionId } = await enter();
  const actor = await loadSession(host(), sessionId);
  if (!actor) throw new Error('The session did not load.');
  return actor;
}

describe('creating staff', () => {
  const input = (email: string) => ({
    email,
    name: 'Kim Poe',
    password: PASSWORD,
    role: 'responder' as const,
    appId: 'bank',
  });

  test('refuses an actor without permission', async () => {
    for (const actor of [
      actorWith('responder'),
      actorWith('auditor'),
      actorWith('admin', 'bank'),
      actorWith(null),
    ]) {
      await expect(createStaff(as(actor), input('kim@example.test'))).rejects.toMatchObject({
        code: 'permission_denied',
      });
    }
  });

  test('leaves one audit row, without the password, and a grant for the app', async () => {
    const { id } = await createStaff(
      as({ kind: 'cli', id: 'root', name: 'root' }),
      input('kim1@example.test'),
    );
    const rows = await db.owner.sql`select * from audit_log where target_id = ${id}`;
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ action: 'staff.create', actor_kind: 'cli', app_id: 'bank' });
    expect(JSON.stringify(rows)).not.toContain(PASSWORD);
    const [stored] = await db.owner.sql`select password_hash from staff where id = ${id}`;
    expect(stored?.password_hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
  });

  test('refuses an address that is taken, and a password that is easy to guess', async () => {
    const admin = as(actorWith('admin'));
    await expect(createStaff(admin, input(person.email))).rejects.toMatchObject({
      code: 'staff_already_exists',
    });
    await expect(
      createStaff(admin, { ...input('lee@example.test'), password: 'short' }),
    ).rejects.toMatchObject({ code: 'password_too_weak' });
  });
});

describe('signing in', () => {
  test('opens a session with the present grants, and leaves one audit row', async () => {
    const { sessionId } = await enter();
    const actor = await loadSession(host(), sessionId);
    expect(actor).toMatchObject({ id: person.id, grants: [{ role: 'analyst', appId: null }], sessionId });
    await db.owner.sql`delete from role_grants where staff_id = ${person.id}`;
    expect((await loadSession(host(), sessionId))?.grants).toEqual([]);
    const rows = await db.owner.sql`select action from audit_log where target_id = ${sessionId}`;
    expect(rows.map((row) => row.action)).toEqual(['session.create']);
  });

  test('gives unknown, disabled and wrong the same answer', async () => {
    await expect(enter('not the password')).rejects.toMatchObject({ code: 'credentials_invalid' });
    await expect(enter(PASSWORD, 'nobody@example.test')).rejects.toMatchObject({
      code: 'credentials_invalid',
    });
    await db.owner.sql`update staff set disabled_at = now() where id = ${person.id}`;
    await expect(enter()).rejects.toMatchObject({ code: 'credentials_invalid' });
  });

  test('locks an account after repeated failures, longer each time, also for the right password', async () => {
    for (let failure = 0; failure < 6; failure++) {
      await expect(enter('not the password')).rejects.toMatchObject({ code: 'credentials_invalid' });
    }
    await expect(enter()).rejects.toMatchObject({ code: 'sign_in_locked' });
    clock.advance(15_000);
    await expect(enter('not the password')).rejects.toMatchObject({ code: 'credentials_invalid' });
    clock.advance(15_000);
    await expect(enter()).rejects.toMatchObject({ code: 'sign_in_locked' });
    clock.advance(15_000);
    await expect(enter()).resolves.toMatchObject({ staffId: person.id });
    const rows = await db.owner
      .sql`select action from audit_log where target_id = ${person.id} and actor_kind = 'system'`;
    expect(rows).toHaveLength(2);
  });

  test('counts parallel guesses before they are made', async () => {
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => enter('not the password')));
    const codes = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'in'));
    expect(codes.filter((code) => code === 'credentials_invalid')).toHaveLength(6);
    expect(codes.filter((code) => code === 'sign_in_locked')).toHaveLength(6);
  });

  test('opens no session for a password that is changed while it is checked', async () => {
    const entering = enter().catch((error: unknown) => error);
    // The attempt is counted just before the account is read; checking takes a tenth of a second and more.
    const isCounted = async () =>
      (await db.owner.sql`select 1 from sign_in_throttles where key like 'account:%'`).length;
    await expect.poll(isCounted, { interval: 5 }).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 15));
    await db.owner.sql`update staff set password_hash = 'changed' where id = ${person.id}`;
    expect(await entering).toMatchObject({ code: 'credentials_invalid' });
    expect(await db.owner.sql`select 1 from sessions where staff_id = ${person.id}`).toHaveLength(0);
  });

  test('forgets what was counted under keys that nobody has used for a day', async () => {
    const at = (ms: number) => new Date(clock.nowMs() - ms).toISOString();
    await db.owner.sql`insert into sign_in_throttles values
      ('account:old', 3, null, ${at(86_400_001)}), ('account:new', 3, null, ${at(3_600_000)})`;
    await enter();
    const keys = await db.owner.sql`select key from sign_in_throttles where key like 'account:%'`;
    expect(keys.map(({ key }) => key)).toEqual(['account:new']);
  });

  test('counts a network over all accounts, and a success does not clear it', async () => {
    await db.owner
      .sql`insert into sign_in_throttles values ('network:198.51.100.0/24', 29, null, ${new Date(clock.nowMs()).toISOString()})`;
    await enter();
    await expect(enter('x', 'a@example.test')).rejects.toMatchObject({ code: 'credentials_invalid' });
    await expect(enter('x', 'b@example.test')).rejects.toMatchObject({ code: 'credentials_invalid' });
    await expect(enter()).rejects.toMatchObject({ code: 'sign_in_locked' });
  });
});

describe('a session', () => {
  test('ends when it expires, is revoked, or its person is disabled', async () => {
    const first = await signedIn();
    await db.owner.sql`update staff set disabled_at = now() where id = ${person.id}`;
    expect(await loadSession(host(), first.sessionId)).toBeUndefined();
    await db.owner.sql`update staff set disabled_at = null where id = ${person.id}`;
    await revokeOwnSession(as(first), { id: first.sessionId });
    expect(await loadSession(host(), first.sessionId)).toBeUndefined();
    const second = await signedIn();
    clock.advance(SESSION_SECONDS * 1000);
    expect(await loadSession(host(), second.sessionId)).toBeUndefined();
    expect(await loadSession(host(), 'not an id')).toBeUndefined();
  });

  test('is touched at most once a minute', async () => {
    const { sessionId } = await signedIn();
    const seen = async () =>
      (await db.owner.sql`select last_seen_at from sessions where id = ${sessionId}`)[0]?.last_seen_at;
    const before = await seen();
    clock.advance(59_000);
    await loadSession(host(), sessionId);
    expect(await seen()).toEqual(before);
    clock.advance(1_000);
    await loadSession(host(), sessionId);
    expect(await seen()).not.toEqual(before);
  });

  test('can be revoked by its own person only, with one audit row', async () => {
    const mine = await signedIn();
    await expect(revokeOwnSession(as(actorWith('admin')), { id: mine.sessionId })).rejects.toMatchObject({
      code: 'session_not_found',
    });
    await revokeOwnSession(as(mine), { id: mine.sessionId });
    await expect(revokeOwnSession(as(mine), { id: mine.sessionId })).rejects.toMatchObject({
      code: 'session_not_found',
    });
    const rows = await db.owner
      .sql`select 1 from audit_log where action = 'session.revoke' and target_id = ${mine.sessionId}`;
    expect(rows).toHaveLength(1);
  });

  test('lists with the person’s others, which can be ended together', async () => {
    const other = await signedIn();
    const mine = await signedIn();
    const { sessions } = await listOwnSessions(as(mine));
    expect(sessions.map((session) => [session.id, session.current]).sort()).toEqual(
      [
        [mine.sessionId, true],
        [other.sessionId, false],
      ].sort(),
    );
    expect(await revokeOtherSessions(as(mine))).toEqual({ revoked: 1 });
    expect(await loadSession(host(), other.sessionId)).toBeUndefined();
    expect(await loadSession(host(), mine.sessionId)).toBeDefined();
  });
});

describe('changing one’s own password', () => {
  const next = 'nine lamps over a walrus';

  test('ends the other sessions and leaves one audit row', async () => {
    const other = await signedIn();
    const mine = await signedIn();
    await changeOwnPassword(as(mine), { current: PASSWORD, next });
    expect(await loadSession(host(), other.sessionId)).toBeUndefined();
    expect(await loadSession(host(), mine.sessionId)).toBeDefined();
    await expect(enter()).rejects.toMatchObject({ code: 'credentials_invalid' });
    await expect(enter(next)).resolves.toMatchObject({ staffId: person.id });
    const rows = await db.owner
      .sql`select 1 from audit_log where action = 'staff.change_password' and target_id = ${person.id}`;
    expect(rows).toHaveLength(1);
  });

  test('lets one of two who know the present password change it, and ends the other’s session', async () => {
    const [mine, theirs] = [await signedIn(), await signedIn()];
    const results = await Promise.allSettled([
      changeOwnPassword(as(mine), { current: PASSWORD, next }),
      changeOwnPassword(as(theirs), { current: PASSWORD, next: 'eight lamps over a walrus' }),
    ]);
    const codes = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'changed'));
    expect(codes.sort()).toEqual(['changed', 'credentials_invalid']);
    const left = await db.owner
      .sql`select 1 from sessions where staff_id = ${person.id} and revoked_at is null`;
    expect(left).toHaveLength(1);
  });

  test('refuses a wrong present password, a weak new one, and an actor that is no person', async () => {
    const mine = as(await signedIn());
    await expect(changeOwnPassword(mine, { current: 'wrong', next })).rejects.toMatchObject({
      code: 'credentials_invalid',
    });
    await expect(
      changeOwnPassword(mine, { current: PASSWORD, next: 'aaaaaaaaaaaaaaaa' }),
    ).rejects.toMatchObject({ code: 'password_too_weak' });
    await expect(
      changeOwnPassword(as({ kind: 'cli', id: 'root', name: 'root' }), { current: PASSWORD, next }),
    ).rejects.toMatchObject({ code: 'authentication_required' });
  });
});

describe('reading the audit log', () => {
  const query = { app: [], limit: 50 };

  test('shows an analyst their own acts, an auditor everything, page by page', async () => {
    const mine = await signedIn();
    const own = await readAuditLog(as(mine), query);
    expect(own.rows.every((row) => row.actorName === 'Robin Doe')).toBe(true);
    expect(own.rows.map((row) => row.targetId)).toContain(mine.sessionId);
    const auditor = as(actorWith('auditor'));
    const first = await readAuditLog(auditor, { ...query, limit: 2 });
    expect(first.rows).toHaveLength(2);
    const second = await readAuditLog(auditor, { ...query, limit: 2, cursor: first.nextCursor ?? '' });
    expect(second.rows[0]?.id).toBeLessThan(first.rows[1]?.id ?? 0);
  });

  test('shows an auditor of one app that app’s rows only, and nobody without a role anything', async () => {
    const { rows } = await readAuditLog(as(actorWith('auditor', 'bank')), query);
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map((row) => row.appId))).toEqual(new Set(['bank']));
    await expect(readAuditLog(as(actorWith(null)), query)).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await expect(readAuditLog(as(actorWith('auditor')), { ...query, cursor: "1' or" })).rejects.toMatchObject(
      {
        code: 'request_invalid',
      },
    );
  });
});
