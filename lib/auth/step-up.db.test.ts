import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import {
  type Actor,
  changeOwnPassword,
  createStaff,
  loadSession,
  requireStepUp,
  revokeOwnSession,
  STEP_UP_SECONDS,
  signIn,
  stepUp,
} from '@/lib/auth';
import { fixedClock, type SessionId } from '@/lib/core';
import { actorWith } from './testing/actors';

const PASSWORD = 'a walrus under 7 lamps';
let db: TestDatabase;
const clock = fixedClock(Date.parse('2026-03-01T12:00:00Z'));
let email = '';
let counter = 0;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.owner.sql`delete from sign_in_throttles`;
  counter += 1;
  email = `person${counter}@example.test`;
  await createStaff(as(actorWith('admin')), {
    ...{ email, name: 'Robin Doe', password: PASSWORD, role: 'responder', appId: null },
  });
});

const as = (actor: Actor) => ({ db: db.console, actor, clock });
const host = () => ({ db: db.console, clock });
const signInAgain = async () =>
  (await signIn(host(), { email, password: PASSWORD }, { network: '198.51.100.0/24', userAgent: '' }))
    .sessionId;
async function present(id: SessionId) {
  const actor = await loadSession(host(), id);
  if (!actor) throw new Error('The session did not load.');
  return as(actor);
}
const prove = async (id: SessionId, password = PASSWORD) => stepUp(await present(id), { password });
const act = async (id: SessionId) => requireStepUp(await present(id), 'signing_key_revoke');
const audited = async (id: SessionId) =>
  (await db.owner.sql`select action from audit_log where target_id = ${id} order by id`).map(
    (row) => row.action,
  );
const required = {
  code: 'step_up_required',
  status: 403,
  detail: expect.stringMatching(/^Revoking a signing key/),
};

test('the password proves who it is, in that session and for five minutes, with one audit row', async () => {
  const [mine, other] = [await signInAgain(), await signInAgain()];
  await expect(act(mine)).rejects.toMatchObject(required);
  const { until } = await prove(mine);
  expect(Date.parse(until)).toBe(clock.nowMs() + STEP_UP_SECONDS * 1000);
  await act(mine);
  await expect(act(other)).rejects.toMatchObject(required);
  clock.advance(STEP_UP_SECONDS * 1000 - 1);
  await act(mine);
  clock.advance(1);
  await expect(act(mine)).rejects.toMatchObject(required);
  expect(await audited(mine)).toEqual(['session.create', 'session.step_up']);
});

test('guesses count like failed sign-ins, lock the account, and each is in the audit log', async () => {
  const id = await signInAgain();
  for (let guess = 0; guess < 6; guess++) {
    await expect(prove(id, 'not the password')).rejects.toMatchObject({ code: 'credentials_invalid' });
  }
  await expect(prove(id)).rejects.toMatchObject({ code: 'sign_in_locked' });
  await expect(signInAgain()).rejects.toMatchObject({ code: 'sign_in_locked' });
  await expect(act(id)).rejects.toMatchObject(required);
  expect(await audited(id)).toEqual(['session.create', ...Array(6).fill('session.step_up_refused')]);
  expect(await db.owner.sql`select 1 from audit_log where action = 'staff.sign_in_locked'`).toHaveLength(1);
  const rows = await db.owner.sql`select * from audit_log`;
  expect(JSON.stringify(rows)).not.toContain(PASSWORD);
});

test('parallel guesses are counted before they are made', async () => {
  const id = await signInAgain();
  const context = await present(id);
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, () => stepUp(context, { password: 'not the password' })),
  );
  const codes = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'proved'));
  expect(codes.filter((code) => code === 'credentials_invalid')).toHaveLength(6);
  expect(codes.filter((code) => code === 'sign_in_locked')).toHaveLength(4);
});

test('a session that has ended proves nothing, nor does a password that was changed meanwhile', async () => {
  const [mine, other] = [await signInAgain(), await signInAgain()];
  const stale = await present(mine);
  await revokeOwnSession(stale, { id: mine });
  await expect(stepUp(stale, { password: PASSWORD })).rejects.toMatchObject({
    code: 'authentication_required',
  });
  const held = await present(other);
  await changeOwnPassword(held, { current: PASSWORD, next: 'nine lamps over a walrus' });
  await expect(stepUp(held, { password: PASSWORD })).rejects.toMatchObject({ code: 'credentials_invalid' });
});

test('the shell of the machine is not asked, and cannot answer', async () => {
  const shell = as({ kind: 'cli', id: 'root', name: 'root' });
  requireStepUp(shell, 'signing_key_revoke');
  await expect(stepUp(shell, { password: PASSWORD })).rejects.toMatchObject({
    code: 'authentication_required',
  });
});
