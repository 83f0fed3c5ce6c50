import { recordAudit } from '@/lib/audit';
import {
  type Actor,
  auditActorOf,
  mayDo,
  requirePermission,
  requireSomewhere,
  type VerbContext,
} from '@/lib/auth';
import { appendChange } from '@/lib/changes';
import type { BlockRequest, BlockView } from '@/lib/contracts';
import { AppError, type BlockId, newId } from '@/lib/core';
import { appOfInstance, closeExpired, insertBlock, setBlockSeq } from './store';
import { blockSnapshot, blockView } from './view';

/** Longest block for those who may only block for short, in seconds. */
const SHORT_BLOCK_SECONDS = 24 * 3600;

/**
 * Refuses one device instance from now on. The unique index on active blocks settles races: exactly one of any number
 * of parallel calls wins. The answer's `seq` proves enforcement.
 * @throws AppError `permission_denied`, `block_too_long_for_role`, `instance_not_found`, `block_already_active`
 */
export async function blockInstance(
  { db, actor, clock }: VerbContext,
  input: BlockRequest,
): Promise<BlockView> {
  requireSomewhere(actor, 'devices.block_short');
  const appId = await appOfInstance(db.orm, input.instanceId);
  if (appId === undefined) throw new AppError('instance_not_found');
  requireLength(actor, appId, input.durationSeconds);
  const nowMs = clock.nowMs();
  return db.orm.transaction(async (tx) => {
    await closeExpired(tx, input.instanceId, new Date(nowMs));
    const block = await insertBlock(tx, {
      id: newId<BlockId>(nowMs),
      appId,
      target: input.instanceId,
      reason: input.reason,
      createdBy: actor.id,
      createdByName: actor.name,
      createdAt: new Date(nowMs),
      expiresAt: input.durationSeconds === null ? null : new Date(nowMs + input.durationSeconds * 1000),
    });
    if (!block) throw new AppError('block_already_active');
    const seq = await appendChange(tx, 'block', blockSnapshot(block, true));
    // Only what carries the change's number may follow it: the feed's counter is locked from here on.
    await setBlockSeq(tx, block.id, seq);
    await recordAudit(tx, auditActorOf(actor), {
      action: 'block.create',
      targetKind: 'instance',
      targetId: input.instanceId,
      appId,
      reason: input.reason,
      detail: { blockId: block.id, durationSeconds: input.durationSeconds },
      changeSeq: seq,
    });
    return blockView({ ...block, seq });
  });
}

/** Lets pass whom the app's grants allow a block of this length. */
function requireLength(actor: Actor, appId: string, durationSeconds: number | null): void {
  if (mayDo(actor, 'devices.block', appId)) return;
  requirePermission(actor, 'devices.block_short', appId);
  if (durationSeconds === null || durationSeconds > SHORT_BLOCK_SECONDS) {
    throw new AppError('block_too_long_for_role', {
      fields: { durationSeconds: `is at most ${SHORT_BLOCK_SECONDS} for your role` },
    });
  }
}
