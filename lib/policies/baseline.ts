import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, requireSomewhere, type VerbContext } from '@/lib/auth';
import type { PolicyBaseline, PolicyBaselinePublication } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { requireSoundRules } from './publish';
import { findBaseline, insertBaseline } from './store';

/** The newest baseline. @throws AppError `permission_denied` */
export async function readBaseline({ db, actor }: VerbContext): Promise<{ baseline: PolicyBaseline | null }> {
  requireSomewhere(actor, 'policies.read');
  return { baseline: (await findBaseline(db.orm)) ?? null };
}

/**
 * Publishes a baseline for all apps. It changes no app by itself: each is brought up to it in its draft, and tried and
 * rolled out as any other change. @throws AppError `permission_denied`, `policy_rule_invalid`, `edit_conflict`
 */
export async function publishBaseline(
  { db, actor, clock }: VerbContext,
  { basedOn, policy, reason }: PolicyBaselinePublication,
): Promise<{ baseline: PolicyBaseline }> {
  requirePermission(actor, 'policies.write', null);
  requireSoundRules(policy);
  const publishedAt = new Date(clock.nowMs());
  const next = { version: basedOn + 1, policy, reason, publishedBy: actor.name };
  return db.orm.transaction(async (tx) => {
    const newest = await findBaseline(tx);
    if ((newest?.version ?? 0) !== basedOn || !(await insertBaseline(tx, { ...next, publishedAt }))) {
      throw new AppError('edit_conflict', { detail: `Version ${newest?.version ?? 0} is the newest now.` });
    }
    await recordAudit(tx, auditActorOf(actor), {
      ...{ action: 'policy_baseline.publish', targetKind: 'policy_baseline', targetId: String(next.version) },
      ...{ reason, detail: { version: next.version } },
    });
    return { baseline: { ...next, publishedAt: publishedAt.toISOString() } };
  });
}
