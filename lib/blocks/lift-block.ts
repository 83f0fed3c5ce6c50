import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, requireSomewhere, type VerbContext } from '@/lib/auth';
import type { BlockView } from '@/lib/contracts';
import { AppError, type BlockId } from '@/lib/core';
import { announceLifted } from './make-blocks';
import { permissionToEnd } from './permissions';
import { findBlock, liftIfActive } from './store';
import { blockView } from './view';

/**
 * Ends a block, a simulation or an allowlist entry that is in force. Of parallel calls exactly one succeeds; the answer's
 * `liftSeq` proves enforcement.
 * @throws AppError `permission_denied`, `block_not_found`, `block_already_lifted`
 */
export async function liftBlock(
  { db, actor, clock }: VerbContext,
  input: { id: string; reason: string },
): Promise<BlockView> {
  requireSomewhere(actor, 'devices.unblock');
  const id = input.id as BlockId;
  const known = await findBlock(db.orm, id);
  if (!known) throw new AppError('block_not_found');
  requirePermission(actor, permissionToEnd(known.effect), known.appId);
  return db.orm.transaction(async (tx) => {
    const lift = { by: actor.id, byName: actor.name, reason: input.reason };
    const block = await liftIfActive(tx, id, lift, new Date(clock.nowMs()));
    if (!block) throw new AppError('block_already_lifted');
    const { rows, seq } = await announceLifted(tx, [block]);
    await recordAudit(tx, auditActorOf(actor), {
      action: block.effect === 'allow' ? 'block.disallow' : 'block.lift',
      targetKind: block.scope,
      targetId: block.target,
      appId: block.appId,
      reason: input.reason,
      detail: { blockId: block.id },
      changeSeq: seq,
    });
    return blockView(rows[0] ?? block);
  });
}
