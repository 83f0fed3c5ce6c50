import { randomBytes } from 'node:crypto';
import { recordAudit } from '@/lib/audit';
import type { SetupRequest } from '@/lib/contracts';
import { AppError, type Clock, type StaffId, sha256, toBase64Url } from '@/lib/core';
import type { Database } from '@/lib/db';
import { auditActorOf, type VerbContext } from './actor';
import { insertStaffWithRole } from './create-staff';
import { hashPassword, requireStrongPassword } from './password';
import { requirePermission } from './permissions';
import { anyStaff, insertSetupToken, isSetupTokenUsable, lockSetup, useSetupToken } from './store';

const SETUP_TOKEN_BYTES = 32;
const SETUP_TOKEN_HOURS = 24;

/** Whether somebody can sign in already, so that there is nothing to set up. */
export async function isSetUp(db: Database): Promise<boolean> {
  return anyStaff(db.orm);
}

/**
 * Makes the one-time token of a setup link. Only its digest is stored; it is good for 24 hours.
 * @throws AppError `permission_denied`, `setup_already_done`
 */
export async function createSetupToken({
  db,
  actor,
  clock,
}: VerbContext): Promise<{ token: string; expiresAt: Date }> {
  requirePermission(actor, 'staff.manage', null);
  const token = randomBytes(SETUP_TOKEN_BYTES);
  const now = new Date(clock.nowMs());
  const expiresAt = new Date(now.getTime() + SETUP_TOKEN_HOURS * 3_600_000);
  await db.orm.transaction(async (tx) => {
    await lockSetup(tx);
    if (await anyStaff(tx)) throw new AppError('setup_already_done');
    await insertSetupToken(tx, digestOf(toBase64Url(token)), now, expiresAt);
    await recordAudit(tx, auditActorOf(actor), {
      action: 'setup_token.create',
      targetKind: 'setup_token',
      targetId: expiresAt.toISOString(),
    });
  });
  return { token: toBase64Url(token), expiresAt };
}

/** Whether a setup link can still be used; a page may ask, the decision falls in `completeSetup`. */
export async function isSetupTokenGood(
  { db, clock }: { db: Database; clock: Clock },
  token: string,
): Promise<boolean> {
  return isSetupTokenUsable(db.orm, digestOf(token), new Date(clock.nowMs()));
}

/**
 * Makes the first administrator. Of any number of parallel uses, with one token or several, exactly one succeeds.
 * @throws AppError `setup_token_invalid`, `setup_already_done`, `password_too_weak`
 */
export async function completeSetup(
  { db, clock }: { db: Database; clock: Clock },
  input: SetupRequest,
): Promise<{ id: StaffId }> {
  const now = new Date(clock.nowMs());
  const digest = digestOf(input.token);
  // Before the lock, so that guessing at links is cheap for us.
  if (!(await isSetupTokenUsable(db.orm, digest, now))) throw new AppError('setup_token_invalid');
  requireStrongPassword(input.password, input);
  return db.orm.transaction(async (tx) => {
    await lockSetup(tx);
    if (!(await useSetupToken(tx, digest, now))) throw new AppError('setup_token_invalid');
    if (await anyStaff(tx)) throw new AppError('setup_already_done');
    const { email, name } = input;
    // Under the lock, so that only the one who wins pays for a hash.
    const passwordHash = await hashPassword(input.password);
    const id = await insertStaffWithRole(tx, { email, name, passwordHash, role: 'admin', appId: null }, now);
    await recordAudit(
      tx,
      { kind: 'staff', id, name },
      { action: 'setup.complete', targetKind: 'staff', targetId: id, detail: { email, role: 'admin' } },
    );
    return { id };
  });
}

function digestOf(token: string): Buffer {
  return sha256(token);
}
