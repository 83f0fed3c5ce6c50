import { requireSomewhere, type VerbContext } from '@/lib/auth';
import type { SigningKeyState, SigningKeys } from '@/lib/contracts';
import { countHolders } from '@/lib/cut-offs';
import type { Executor } from '@/lib/db';
import {
  databaseNowMs,
  newestRotation,
  type SigningKeyRow,
  selectRotateEveryDays,
  selectSigningKeys,
} from './store';
import { rotationView, signingKeyView } from './view';

const DAY_MS = 86_400_000;
const PLACE: Readonly<Record<SigningKeyState, number>> = {
  active: 0,
  staged: 1,
  retiring: 2,
  revoked: 3,
  retired: 3,
};

/**
 * Every token-signing key with its state and what it still vouches for, the newest rotation, and the schedule.
 * @throws AppError `permission_denied`
 */
export async function listSigningKeys({ db, actor }: VerbContext): Promise<SigningKeys> {
  requireSomewhere(actor, 'signing_keys.read');
  const now = new Date(await databaseNowMs(db.orm));
  const [rows, rotation, rotateEveryDays] = await Promise.all([
    selectSigningKeys(db.orm),
    newestRotation(db.orm),
    selectRotateEveryDays(db.orm),
  ]);
  const keys = await Promise.all(
    rows.map(async (row) => signingKeyView(row, await countKeyHolders(db.orm, row, now))),
  );
  const active = rows.find(({ state }) => state === 'active');
  const signsSince = active && (active.activatedAt ?? active.createdAt);
  return {
    keys: keys.toSorted((a, b) => PLACE[a.state] - PLACE[b.state]),
    rotation: rotation ? rotationView(rotation, rows) : null,
    rotateEveryDays,
    nextRotationAt:
      signsSince && rotateEveryDays !== null
        ? new Date(signsSince.getTime() + rotateEveryDays * DAY_MS).toISOString()
        : null,
  };
}

/** How many devices hold a token that this key signed: those that attested while it did. */
async function countKeyHolders(db: Executor, key: SigningKeyRow, now: Date): Promise<number> {
  const { kid, state, activatedAt, replacedAt } = key;
  if (activatedAt === null || (state !== 'active' && state !== 'retiring')) return 0;
  return await countHolders(db, { apps: null, kid, from: activatedAt, before: replacedAt ?? now }, now);
}
