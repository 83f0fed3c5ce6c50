import { AppError, sha256, toBase64Url } from '@/lib/core';
import type { Executor } from '@/lib/db';
import { clearAttempts, lockedUntil, reserveAttempt, returnAttempt, type ThrottleRule } from './store';

const MINUTE_MS = 60_000;

/** An account locks early and for long; a network, behind which many people may sit, later and for less. */
const RULES = {
  account: {
    freeFailures: 5,
    firstLockMs: 15_000,
    longestLockMs: 30 * MINUTE_MS,
    forgetAfterMs: 60 * MINUTE_MS,
  },
  network: {
    freeFailures: 30,
    firstLockMs: 5_000,
    longestLockMs: 10 * MINUTE_MS,
    forgetAfterMs: 30 * MINUTE_MS,
  },
} as const satisfies Record<string, ThrottleRule>;

/** What a sign-in is counted under. The address is stored as a digest: people type passwords into the wrong field. */
export interface ThrottleKeys {
  account: string;
  network: string;
}

/** The keys for an e-mail address (in lower case) and a network prefix. */
export function throttleKeys(email: string, network: string): ThrottleKeys {
  return {
    account: `account:${toBase64Url(sha256(email)).slice(0, 22)}`,
    network: `network:${network.slice(0, 64)}`,
  };
}

/**
 * Counts an attempt under both keys before it is made; tells whether this one, should it fail, has locked the account.
 * @throws AppError `sign_in_locked` where either key is locked
 */
export async function countAttempt(
  db: Executor,
  keys: ThrottleKeys,
  now: Date,
): Promise<{ locksAccount: boolean }> {
  const network = await reserveAttempt(db, keys.network, RULES.network, now);
  if (!network) throw await lockedError(db, keys.network, now);
  const account = await reserveAttempt(db, keys.account, RULES.account, now);
  if (!account) throw await lockedError(db, keys.account, now);
  return { locksAccount: account.lockedUntil !== null };
}

/** Forgets the account's failures and takes this attempt back from the network's. */
export async function forgiveAttempt(db: Executor, keys: ThrottleKeys): Promise<void> {
  await clearAttempts(db, keys.account);
  await returnAttempt(db, keys.network, RULES.network);
}

async function lockedError(db: Executor, key: string, now: Date): Promise<AppError> {
  const until = await lockedUntil(db, key);
  const seconds = Math.max(1, Math.ceil(((until?.getTime() ?? 0) - now.getTime()) / 1000));
  return new AppError('sign_in_locked', { detail: `Too many failed sign-ins. Try again in ${seconds} s.` });
}
