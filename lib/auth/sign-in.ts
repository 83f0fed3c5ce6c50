import { recordAudit } from '@/lib/audit';
import type { SignInRequest } from '@/lib/contracts';
import { AppError, type Clock, newId, type SessionId, type StaffId } from '@/lib/core';
import type { Database } from '@/lib/db';
import { verifyPassword } from './password';
import {
  deleteAttemptsBefore,
  deleteSessionsExpiredBefore,
  findStaffByEmail,
  holdAccount,
  insertSession,
  type StaffRow,
} from './store';
import { countAttempt, forgiveAttempt, throttleKeys } from './throttle';

/** How long a session lasts, whatever is done in it. */
export const SESSION_SECONDS = 12 * 3600;

/** Longer than any lock, and than any failure counts. */
const THROTTLES_KEPT_MS = 24 * 3_600_000;

/** Where a sign-in comes from. */
export interface SignInOrigin {
  /** Network prefix of the client, `unknown` where it cannot be told. */
  network: string;
  userAgent: string;
}

/** Who signed in, and the session that was opened for them. */
export interface SignedIn {
  sessionId: SessionId;
  staffId: StaffId;
  name: string;
  email: string;
}

/**
 * Opens a session for an e-mail address and its password. Unknown, disabled and wrong take the same time and give the
 * same answer; every attempt counts against the account and the network before it is made.
 * @throws AppError `credentials_invalid`, `sign_in_locked`
 */
export async function signIn(
  { db, clock }: { db: Database; clock: Clock },
  input: SignInRequest,
  origin: SignInOrigin,
): Promise<SignedIn> {
  const now = new Date(clock.nowMs());
  const keys = throttleKeys(input.email, origin.network);
  const { locksAccount } = await countAttempt(db.orm, keys, now);
  const account = await findStaffByEmail(db.orm, input.email);
  const matches = await verifyPassword(input.password, account?.passwordHash);
  if (!account || !matches || account.disabledAt !== null) {
    if (account && locksAccount) await recordLock(db, account);
    throw new AppError('credentials_invalid');
  }
  const session = await openSession(db, account, origin, now);
  await forgiveAttempt(db.orm, keys);
  return session;
}

async function openSession(
  db: Database,
  account: StaffRow,
  origin: SignInOrigin,
  now: Date,
): Promise<SignedIn> {
  const id = newId<SessionId>(now.getTime());
  await db.orm.transaction(async (tx) => {
    // Checking the password takes a while: a session for one that was changed meanwhile would outlive that change.
    if (!(await holdAccount(tx, account))) throw new AppError('credentials_invalid');
    await deleteSessionsExpiredBefore(tx, now);
    await deleteAttemptsBefore(tx, new Date(now.getTime() - THROTTLES_KEPT_MS));
    await insertSession(tx, {
      id,
      staffId: account.id,
      createdAt: now,
      expiresAt: new Date(now.getTime() + SESSION_SECONDS * 1000),
      userAgent: origin.userAgent.slice(0, 256),
    });
    await recordAudit(
      tx,
      { kind: 'staff', id: account.id, name: account.name },
      {
        action: 'session.create',
        targetKind: 'session',
        targetId: id,
        detail: { network: origin.network },
      },
    );
  });
  return { sessionId: id, staffId: account.id, name: account.name, email: account.email };
}

/** Leaves in the audit log that guessing has locked an account. */
export async function recordLock(db: Database, account: StaffRow): Promise<void> {
  await db.orm.transaction((tx) =>
    recordAudit(
      tx,
      { kind: 'system', id: 'sign-in', name: 'Sign-in' },
      { action: 'staff.sign_in_locked', targetKind: 'staff', targetId: account.id },
    ),
  );
}
