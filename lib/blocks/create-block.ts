import { recordAudit } from '@/lib/audit';
import { auditActorOf, requireSomewhere, type VerbContext } from '@/lib/auth';
import type { AllowDraft, BlockDraft, BlockEffect, BlockRequest, BlockView } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { makeBlocks } from './make-blocks';
import { requireProofFor, requireToMake } from './permissions';
import { findActive } from './store';
import { resolveSubject } from './subject';
import { blockView } from './view';

/**
 * Refuses something from now on, or counts what that would refuse. The unique index on what is in force settles races:
 * exactly one of any number of parallel calls wins. The answer's `seq` proves enforcement.
 * @throws AppError `permission_denied`, `block_too_long_for_role`, `step_up_required`, `block_already_active`,
 * `block_contradicts_allow`, and those of `resolveSubject`
 */
export async function createBlock(ctx: VerbContext, input: BlockDraft): Promise<BlockView> {
  requireSomewhere(ctx.actor, 'devices.block_short');
  return decide(ctx, { ...input, owner: null });
}

/** Refuses one device instance: `createBlock` for what is asked of a device's page. */
export async function blockInstance(ctx: VerbContext, input: BlockRequest): Promise<BlockView> {
  const { instanceId, ...rest } = input;
  return createBlock(ctx, { ...rest, scope: 'instance', target: instanceId, appId: null, effect: 'refuse' });
}

/**
 * Lets something pass whatever blocks of its width or wider say; of evidence and policies it lifts nothing.
 * @throws AppError `permission_denied`, `block_already_active`, and those of `resolveSubject`
 */
export async function allow(ctx: VerbContext, input: AllowDraft): Promise<BlockView> {
  requireSomewhere(ctx.actor, 'blocks.allow');
  return decide(ctx, { ...input, effect: 'allow' });
}

const ACTIONS: Readonly<Record<BlockEffect, string>> = {
  refuse: 'block.create',
  simulate: 'block.simulate',
  allow: 'block.allow',
};

async function decide(
  ctx: VerbContext,
  input: Omit<BlockDraft, 'effect'> & { effect: BlockEffect; owner: string | null },
): Promise<BlockView> {
  const { db, actor, clock } = ctx;
  const { effect, reason, incident = null, durationSeconds, owner } = input;
  const subject = await resolveSubject(db.orm, input);
  requireToMake(actor, { ...subject, effect, durationSeconds });
  requireProofFor(ctx, [{ ...subject, effect }]);
  const nowMs = clock.nowMs();
  const expiresAt = durationSeconds === null ? null : new Date(nowMs + durationSeconds * 1000);
  return db.orm.transaction(async (tx) => {
    // A simulation may stand beside an allowlist entry: it tells what would be refused without contradicting it.
    const allowed =
      effect === 'refuse' && (await findActive(tx, { ...subject, effect: 'allow' }, new Date(nowMs)));
    if (allowed) throw new AppError('block_contradicts_allow');
    const { rows, seq } = await makeBlocks(tx, ctx, { origin: 'person', batchId: null }, [
      { ...subject, effect, reason, incident, owner, expiresAt },
    ]);
    const [block] = rows;
    if (!block) throw new AppError('block_already_active');
    await recordAudit(tx, auditActorOf(actor), {
      action: ACTIONS[effect],
      targetKind: subject.scope,
      targetId: subject.target,
      appId: subject.appId,
      reason,
      detail: {
        blockId: block.id,
        durationSeconds,
        ...(owner === null ? {} : { owner }),
        ...(incident === null ? {} : { incident }),
      },
      changeSeq: seq,
    });
    return blockView(block);
  });
}
