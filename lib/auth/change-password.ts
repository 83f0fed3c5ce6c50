import { recordAudit } from '@/lib/audit';
import type { PasswordChange } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { auditActorOf, type VerbContext } from './actor';
import { hashPassword, requireStrongPassword, verifyPassword } from './password';
import { requireStaff } from './sessions';
import { findStaffById, replacePasswordHash, revokeSessionsOf } from './store';
import { countAttempt, forgiveAttempt, throttleKeys } from './throttle';

/**
 * Changes the actor's own password and ends their other sessions. Wrong guesses of the present one count like failed
 * sign-ins, so that a borrowed session is no way around the throttle.
 * @throws AppError `credentials_invalid`, `sign_in_locked`, `password_too_weak`
 */
export async function changeOwnPassword(
  { db, actor, clock }: VerbContext,
  input: PasswordChange,
): Promise<{ done: true }> {
  const self = requireStaff(actor);
  const now = new Date(clock.nowMs());
  const keys = throttleKeys(self.email, `session:${self.sessionId}`);
  await countAttempt(db.orm, keys, now);
  const account = await findStaffById(db.orm, self.id);
  const matches = await verifyPassword(input.current, account?.passwordHash);
  if (!account || !matches) throw wrongPassword();
  await forgiveAttempt(db.orm, keys);
  requireStrongPassword(input.next, self);
  const passwordHash = await hashPassword(input.next);
  await db.orm.transaction(async (tx) => {
    // Hashing takes a while: of two who know the same password, the second no longer does.
    if (!(await replacePasswordHash(tx, self.id, account.passwordHash, passwordHash))) throw wrongPassword();
    const revoked = await revokeSessionsOf(tx, self.id, now, self.sessionId);
    await recordAudit(tx, auditActorOf(self), {
      action: 'staff.change_password',
      targetKind: 'staff',
      targetId: self.id,
      detail: { revokedSessions: revoked },
    });
  });
  return { done: true };
}

function wrongPassword(): AppError {
  return new AppError('credentials_invalid', { fields: { current: 'is not your present password' } });
}
