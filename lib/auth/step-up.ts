import { recordAudit } from '@/lib/audit';
import type { StepUp, StepUpRequest } from '@/lib/contracts';
import { AppError, type Clock } from '@/lib/core';
import type { Database } from '@/lib/db';
import { type Actor, auditActorOf, type StaffActor, type VerbContext } from './actor';
import { verifyPassword } from './password';
import { requireStaff } from './sessions';
import { recordLock } from './sign-in';
import { findStaffById, holdAccount, markSteppedUp } from './store';
import { countAttempt, forgiveAttempt, throttleKeys } from './throttle';

/** How long a session counts as stepped up. */
export const STEP_UP_SECONDS = 300;

/** Every act that overrides a safety check or cuts off at once, as the question for the password names it. */
export const STEP_UP_ACTS = {
  signing_key_revoke: 'Revoking a signing key',
  api_key_revoke: 'Revoking an API key at once',
  api_key_retire_in_use: 'Retiring an API key that is in use',
  pins_override: 'Publishing pins that could cut the app off',
  pin_switch_override: 'Switching a key while devices would be cut off',
  app_block: 'Blocking a whole app',
  app_minimum_versions: 'Refusing older versions of an app',
} as const;
export type StepUpAct = keyof typeof STEP_UP_ACTS;

/**
 * Lets an act pass whose person has proved in this very session, at most `STEP_UP_SECONDS` ago, that it is they. The
 * shell of the machine passes: whoever has it needs no console.
 * @throws AppError `step_up_required`
 */
export function requireStepUp({ actor, clock }: { actor: Actor; clock: Clock }, act: StepUpAct): void {
  if (actor.kind !== 'staff') return;
  const untilMs = actor.steppedUpAt === null ? 0 : actor.steppedUpAt.getTime() + STEP_UP_SECONDS * 1000;
  if (clock.nowMs() < untilMs) return;
  throw new AppError('step_up_required', { detail: `${STEP_UP_ACTS[act]} asks for your password again.` });
}

/**
 * Proves by the password that the session is still its person's. Guesses count like failed sign-ins, against the account
 * and against the session, and each leaves an audit row.
 * @throws AppError `credentials_invalid`, `sign_in_locked`, `authentication_required` where the session ended meanwhile
 */
export async function stepUp({ db, actor, clock }: VerbContext, input: StepUpRequest): Promise<StepUp> {
  const self = requireStaff(actor);
  const now = new Date(clock.nowMs());
  const keys = throttleKeys(self.email, `session:${self.sessionId}`);
  const { locksAccount } = await countAttempt(db.orm, keys, now);
  const account = await findStaffById(db.orm, self.id);
  const matches = await verifyPassword(input.password, account?.passwordHash);
  if (!account || !matches) {
    await recordRefusal(db, self);
    if (account && locksAccount) await recordLock(db, account);
    throw wrongPassword();
  }
  await db.orm.transaction(async (tx) => {
    // Checking takes a while: a password that was changed meanwhile proves nothing any more, nor does a session that ended.
    if (!(await holdAccount(tx, account))) throw wrongPassword();
    if (!(await markSteppedUp(tx, self.sessionId, now))) throw new AppError('authentication_required');
    await recordAudit(tx, auditActorOf(self), {
      action: 'session.step_up',
      targetKind: 'session',
      targetId: self.sessionId,
    });
  });
  await forgiveAttempt(db.orm, keys);
  return { until: new Date(now.getTime() + STEP_UP_SECONDS * 1000).toISOString() };
}

async function recordRefusal(db: Database, self: StaffActor): Promise<void> {
  await db.orm.transaction((tx) =>
    recordAudit(tx, auditActorOf(self), {
      action: 'session.step_up_refused',
      targetKind: 'session',
      targetId: self.sessionId,
    }),
  );
}

function wrongPassword(): AppError {
  return new AppError('credentials_invalid', {
    detail: 'This is not your password.',
    fields: { password: 'is not yours' },
  });
}
