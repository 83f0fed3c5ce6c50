import { advancePolicyVersion, loadApps } from '@/lib/apps';
import { recordAudit } from '@/lib/audit';
import { auditActorOf, requirePermission, type VerbContext } from '@/lib/auth';
import { appendChange } from '@/lib/changes';
import type { PolicyPublication, PolicyVersionView } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { versionView } from './read-policies';
import { currentVersion, insertVersion, type PolicyVersionRow } from './store';

/**
 * Publishes a new version of an app's policy. It succeeds only on top of the version that the editor started from, so
 * that nobody overwrites what they have not seen.
 * @throws AppError `permission_denied`, `app_not_found`, `edit_conflict`
 */
export async function publishPolicy(
  { db, actor, clock }: VerbContext,
  input: PolicyPublication,
): Promise<PolicyVersionView> {
  requirePermission(actor, 'policies.write', input.appId);
  const now = new Date(clock.nowMs());
  const { appId, basedOn, policy, reason } = input;
  const next: PolicyVersionRow = {
    version: basedOn + 1,
    policy,
    reason,
    publishedBy: actor.name,
    publishedAt: now,
  };
  return db.orm.transaction(async (tx) => {
    if ((await currentVersion(tx, appId)) === undefined) throw new AppError('app_not_found');
    const advanced = await advancePolicyVersion(tx, appId, basedOn, next.version, now);
    if (!advanced || !(await insertVersion(tx, appId, next))) throw new AppError('edit_conflict');
    const [app] = await loadApps(tx, [appId]);
    if (!app) throw new AppError('app_not_found');
    const seq = await appendChange(tx, 'app', app.snapshot);
    await recordAudit(tx, auditActorOf(actor), {
      action: 'policy.publish',
      targetKind: 'policy',
      targetId: `${appId}/${next.version}`,
      appId,
      reason,
      detail: { version: next.version, basedOn },
      changeSeq: seq,
    });
    return versionView(next, next.version);
  });
}
