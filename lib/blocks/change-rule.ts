import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, requireSomewhere, type VerbContext } from '@/lib/auth';
import type { BlockRuleEdit, BlockRuleView } from '@/lib/contracts';
import { AppError, type BlockRuleId } from '@/lib/core';
import type { Tx } from '@/lib/db';
import { countInForce } from './rule-blocks-store';
import { countMade, isNameTaken, lockRule, type RuleRow, updateRule } from './rule-store';
import { ruleView } from './rule-view';

const DAY_MS = 86_400_000;

/** What one act changes of a rule, and how it is written down. */
interface Change {
  set: Partial<RuleRow>;
  action: string;
  reason: string;
  detail: Record<string, unknown>;
}

/**
 * Changes what a rule says. Blocks that it has made stay as they are.
 * @throws AppError `permission_denied`, `block_rule_not_found`, `block_rule_name_taken`, `edit_conflict`
 */
export async function editRule(
  ctx: VerbContext,
  { id, basedOn, ...fields }: BlockRuleEdit & { id: string },
): Promise<BlockRuleView> {
  return changeRule(ctx, id, async (rule, tx) => {
    if (rule.revision !== basedOn) throw new AppError('edit_conflict');
    if (await isNameTaken(tx, { ...rule, name: fields.name })) {
      throw new AppError('block_rule_name_taken', { fields: { name: 'is taken' } });
    }
    return { set: fields, action: 'block_rule.edit', reason: fields.reason, detail: { ...fields } };
  });
}

/**
 * Pauses a rule, or has it go on: also one that stopped itself, for which somebody then answers.
 * @throws AppError `permission_denied`, `block_rule_not_found`
 */
export async function setRuleState(
  ctx: VerbContext,
  { id, state, reason }: { id: string; state: 'active' | 'paused'; reason: string },
): Promise<BlockRuleView> {
  return changeRule(ctx, id, async (rule) => ({
    set: { state, stoppedWhy: null, stoppedAt: null, evaluationError: null },
    action: state === 'active' ? 'block_rule.resume' : 'block_rule.pause',
    reason,
    detail: { name: rule.name, was: rule.state },
  }));
}

/**
 * Deletes a rule. Blocks that it has made stay until they end or are lifted, and so long it stays in the list.
 * @throws AppError `permission_denied`, `block_rule_not_found`
 */
export async function deleteRule(
  ctx: VerbContext,
  { id, reason }: { id: string; reason: string },
): Promise<BlockRuleView> {
  return changeRule(ctx, id, async (rule) => ({
    set: { state: 'paused', deletedAt: new Date(ctx.clock.nowMs()) },
    action: 'block_rule.delete',
    reason,
    detail: { name: rule.name },
  }));
}

async function changeRule(
  ctx: VerbContext,
  id: string,
  decide: (rule: RuleRow, tx: Tx) => Promise<Change>,
): Promise<BlockRuleView> {
  const { db, actor, clock } = ctx;
  requireSomewhere(actor, 'blocks.wide');
  const now = new Date(clock.nowMs());
  return db.orm.transaction(async (tx) => {
    const rule = await lockRule(tx, id as BlockRuleId);
    if (rule === undefined) throw new AppError('block_rule_not_found');
    requirePermission(actor, 'blocks.wide', rule.appId);
    const { set, action, reason, detail } = await decide(rule, tx);
    const common = { revision: rule.revision + 1, updatedAt: now, updatedByName: actor.name };
    await updateRule(tx, id, { ...set, ...common });
    await recordAudit(tx, auditActorOf(actor), {
      action,
      targetKind: 'block_rule',
      targetId: id,
      appId: rule.appId,
      reason,
      detail,
    });
    const made = await countMade(tx, [id], new Date(now.getTime() - DAY_MS));
    const inForce = await countInForce(tx, [id], now);
    const counts = { blocks24h: made.get(id) ?? 0, inForce: inForce.get(id) ?? 0 };
    return ruleView({ ...rule, ...set, ...common }, counts);
  });
}
