import { advancePolicyVersion } from '@/lib/apps';
import { auditActorOf, requirePermission, type VerbContext } from '@/lib/auth';
import type { PolicyPublication, PolicyRevert, PolicyReverted, PolicyVersionView } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { announce, lockApp, requireSoundRules } from './publish';
import { versionView } from './read-policies';
import { findOpenRollout } from './rollout-store';
import { findVersion, insertNextVersion } from './store';

/**
 * Publishes a new version of an app's policy, for all devices at once. It succeeds only on top of the version that the
 * editor started from, so that nobody overwrites what they have not seen.
 * @throws AppError `permission_denied`, `app_not_found`, `policy_rule_invalid`, `rollout_open`, `approval_needed`,
 * `edit_conflict`
 */
export async function publishPolicy(
  { db, actor, clock }: VerbContext,
  input: PolicyPublication,
): Promise<PolicyVersionView> {
  const { appId, basedOn, policy, reason } = input;
  requirePermission(actor, 'policies.write', appId);
  requireSoundRules(policy);
  const now = new Date(clock.nowMs());
  return db.orm.transaction(async (tx) => {
    const { currentVersion, needsApproval } = await lockApp(tx, appId);
    if (needsApproval) throw new AppError('approval_needed');
    if (await findOpenRollout(tx, appId)) throw new AppError('rollout_open');
    if (currentVersion !== basedOn) throw conflict(currentVersion);
    const next = await insertNextVersion(tx, appId, {
      ...{ policy, reason, publishedBy: actor.name, publishedAt: now },
      ...{ approvedBy: null, baselineVersion: null },
    });
    await advancePolicyVersion(tx, appId, basedOn, next.version, now);
    await announce(tx, auditActorOf(actor), appId, {
      ...{ action: 'policy.publish', targetKind: 'policy', targetId: `${appId}/${next.version}`, reason },
      detail: { version: next.version, basedOn },
    });
    return versionView(next, 'in_force');
  });
}

/**
 * Puts an earlier version into force again, for all devices at once.
 * @throws AppError `permission_denied`, `app_not_found`, `policy_not_found`, `policy_unchanged`, `rollout_open`,
 * `edit_conflict`
 */
export async function revertPolicy(
  { db, actor, clock }: VerbContext,
  { id, basedOn, to, reason }: PolicyRevert,
): Promise<PolicyReverted> {
  requirePermission(actor, 'policies.write', id);
  return db.orm.transaction(async (tx) => {
    const { currentVersion } = await lockApp(tx, id);
    if (await findOpenRollout(tx, id)) throw new AppError('rollout_open');
    if (currentVersion !== basedOn) throw conflict(currentVersion);
    if (to === currentVersion) throw new AppError('policy_unchanged');
    const version = await findVersion(tx, id, to);
    if (!version) throw new AppError('policy_not_found');
    await advancePolicyVersion(tx, id, basedOn, to, new Date(clock.nowMs()));
    const seq = await announce(tx, auditActorOf(actor), id, {
      ...{ action: 'policy.revert', targetKind: 'policy', targetId: `${id}/${to}`, reason },
      detail: { version: to, from: basedOn },
    });
    return { version: versionView(version, 'in_force'), seq };
  });
}

/** Somebody published meanwhile. */
export function conflict(currentVersion: number): AppError {
  return new AppError('edit_conflict', { detail: `Version ${currentVersion} is in force now.` });
}
