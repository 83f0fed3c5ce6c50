import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, requireSomewhere, type VerbContext } from '@/lib/auth';
import { appendChange } from '@/lib/changes';
import type { BlockView } from '@/lib/contracts';
import { AppError, type BlockId } from '@/lib/core';
import { findBlock, liftIfActive, setLiftSeq } from './store';
import { blockSnapshot, blockView } from './view';

/**
 * Ends a block that is in force. Of parallel calls exactly one succeeds; the answer's `liftSeq` proves enforcement.
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
  requirePermission(actor, 'devices.unblock', known.appId);
  return db.orm.transaction(async (tx) => {
    const lift = { by: actor.id, byName: actor.name, reason: input.reason };
    const block = await liftIfActive(tx, id, lift, new Date(clock.nowMs()));
    if (!block) throw new AppError('block_already_lifted');
    const seq = await appendChange(tx, 'block', blockSnapshot(block, false));
    await setLiftSeq(tx, block.id, seq);
    await recordAudit(tx, auditActorOf(actor), {
      action: 'block.lift',
      targetKind: 'instance',
      targetId: block.target,
      appId: block.appId,
      reason: input.reason,
      detail: { blockId: block.id },
      changeSeq: seq,
    });
    return blockView({ ...block, liftSeq: seq });
  });
}
