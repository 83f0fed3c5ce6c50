import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, requireSomewhere, type VerbContext } from '@/lib/auth';
import type { BlockRuleLift, BlockRuleLifted } from '@/lib/contracts';
import { AppError, type BlockRuleId } from '@/lib/core';
import { announceLifted } from './make-blocks';
import { countLeft, liftSomeOfRule } from './rule-blocks-store';
import { lockEvenDeleted } from './rule-store';

/** Decisions that one step lifts: nobody else waits for the change feed for longer than that takes. */
const STEP = 500;

/**
 * Lifts the next decisions that a rule made and that are in force, at most 500; the act is over when none is `left`. What the
 * rule makes meanwhile is left alone, so that it ends; each step is whole by itself, so that an act that was broken off
 * leaves in force what it had not come to. It works for a rule that was deleted, too.
 * @throws AppError `permission_denied`, `block_rule_not_found`
 */
export async function liftOfRule(
  { db, actor, clock }: VerbContext,
  input: BlockRuleLift & { id: string },
): Promise<BlockRuleLifted> {
  requireSomewhere(actor, 'devices.unblock');
  return db.orm.transaction(async (tx) => {
    const rule = await lockEvenDeleted(tx, input.id as BlockRuleId);
    if (rule === undefined) throw new AppError('block_rule_not_found');
    requirePermission(actor, 'devices.unblock', rule.appId);
    const now = new Date(clock.nowMs());
    const before = input.before === undefined ? now : new Date(input.before);
    const lift = { by: actor.id, byName: actor.name, reason: input.reason };
    const made = { ruleId: rule.id, before };
    const lifted = await liftSomeOfRule(tx, made, lift, now, STEP);
    const left = await countLeft(tx, made, now);
    const result = { lifted: lifted.length, left, before: before.toISOString() };
    if (lifted.length === 0) return { ...result, seq: null };
    const { seq } = await announceLifted(tx, lifted);
    await recordAudit(tx, auditActorOf(actor), {
      action: 'block_rule.lift',
      targetKind: 'block_rule',
      targetId: rule.id,
      appId: rule.appId,
      reason: input.reason,
      detail: { name: rule.name, lifted: lifted.length, left },
      changeSeq: seq,
    });
    return { ...result, seq };
  });
}
