import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, type VerbContext } from '@/lib/auth';
import type { BlockRuleDraft, BlockRuleView } from '@/lib/contracts';
import { AppError, type BlockRuleId, newId } from '@/lib/core';
import { insertRule, type RuleRow } from './rule-store';
import { ruleView } from './rule-view';
import { appExists } from './store';

/**
 * Makes a rule that blocks devices of an app which were refused again and again; it is evaluated from now on.
 * @throws AppError `permission_denied`, `app_not_found`, `block_rule_name_taken`
 */
export async function createRule(ctx: VerbContext, input: BlockRuleDraft): Promise<BlockRuleView> {
  const { db, actor, clock } = ctx;
  requirePermission(actor, 'blocks.wide', input.appId);
  const nowMs = clock.nowMs();
  const now = new Date(nowMs);
  const rule: RuleRow = {
    ...input,
    id: newId<BlockRuleId>(nowMs),
    state: 'active',
    stoppedWhy: null,
    stoppedAt: null,
    revision: 1,
    createdAt: now,
    createdByName: actor.name,
    updatedAt: now,
    updatedByName: actor.name,
    evaluatedAt: null,
    evaluationError: null,
    deletedAt: null,
  };
  await db.orm.transaction(async (tx) => {
    if (!(await appExists(tx, rule.appId))) throw new AppError('app_not_found');
    if (!(await insertRule(tx, rule))) {
      throw new AppError('block_rule_name_taken', { fields: { name: 'is taken' } });
    }
    await recordAudit(tx, auditActorOf(actor), {
      action: 'block_rule.create',
      targetKind: 'block_rule',
      targetId: rule.id,
      appId: rule.appId,
      reason: rule.reason,
      detail: { ...input },
    });
  });
  return ruleView(rule, { blocks24h: 0, inForce: 0 });
}
