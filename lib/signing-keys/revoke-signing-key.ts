import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, requireStepUp, type VerbContext } from '@/lib/auth';
import type { RevokedKey } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import type { Database } from '@/lib/db';
import { announce, SYSTEM } from './perform-steps';
import { lockSigningKeys, revokeIn, type SigningKeyRow, selectSigningKeys } from './store';

const LIVE = ['staged', 'active', 'retiring'] as const;

/**
 * Refuses every token of a key from now on, for good. Where it was the one that signs, the next one does at once. Of
 * parallel calls exactly one succeeds.
 * @throws AppError `permission_denied`, `step_up_required`, `signing_key_not_found`, `signing_key_not_live` where it is retired or revoked
 */
export async function revokeSigningKey(
  ctx: VerbContext,
  input: { kid: string; reason: string },
): Promise<RevokedKey> {
  const { db, actor } = ctx;
  requirePermission(actor, 'signing_keys.write', null);
  requireStepUp(ctx, 'signing_key_revoke');
  return db.orm.transaction(async (tx) => {
    await lockSigningKeys(tx);
    const before = (await selectSigningKeys(tx)).find(({ kid }) => kid === input.kid);
    if (!before) throw new AppError('signing_key_not_found');
    const revocation = { byName: actor.name, reason: input.reason };
    const revoked = await revokeIn(tx, input.kid, LIVE, revocation);
    if (!revoked) throw new AppError('signing_key_not_live');
    const seq = await announce(tx, revoked);
    await recordAudit(tx, auditActorOf(actor), {
      action: 'signing_key.revoke',
      targetKind: 'signing_key',
      targetId: input.kid,
      reason: input.reason,
      detail: { wasState: before.state },
      changeSeq: seq,
    });
    return { kid: input.kid, seq };
  });
}

const FORGOTTEN = {
  byName: SYSTEM.name,
  reason: 'Revoked before the database was restored to an earlier state, and known to a node.',
};

/**
 * Revokes keys again that a restored database takes for good, and a node knows to be revoked. Gives how many there were;
 * of several nodes that do this one finds any.
 */
export async function restoreKeyRevocations(db: Database, kids: readonly string[]): Promise<number> {
  let restored = 0;
  for (const kid of kids) if (await restoreRevocation(db, kid)) restored += 1;
  return restored;
}

function restoreRevocation(db: Database, kid: string): Promise<SigningKeyRow | undefined> {
  return db.orm.transaction(async (tx) => {
    await lockSigningKeys(tx);
    const revoked = await revokeIn(tx, kid, [...LIVE, 'retired'], FORGOTTEN);
    if (!revoked) return undefined;
    const changeSeq = await announce(tx, revoked);
    await recordAudit(tx, SYSTEM, {
      action: 'signing_key.restore_revocation',
      targetKind: 'signing_key',
      targetId: kid,
      reason: FORGOTTEN.reason,
      changeSeq,
    });
    return revoked;
  });
}
