import { requirePermission, type VerbContext } from '@/lib/auth';
import type { PolicyCheck, PolicyCheckRequest } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { diffPolicies } from './diff-policies';
import { findBaseline, findStanding, findVersion } from './store';

/**
 * How a policy that is being edited differs from the version in force and from the baseline. Its rules may be wrong: each
 * is checked by itself while it is typed.
 * @throws AppError `permission_denied`, `app_not_found`, `policy_not_found`
 */
export async function checkPolicy(
  { db, actor }: VerbContext,
  { id, policy }: PolicyCheckRequest,
): Promise<PolicyCheck> {
  requirePermission(actor, 'policies.read', id);
  const standing = await findStanding(db.orm, id);
  if (!standing) throw new AppError('app_not_found');
  const [inForce, baseline] = [
    await findVersion(db.orm, id, standing.currentVersion),
    await findBaseline(db.orm),
  ];
  if (!inForce) throw new AppError('policy_not_found');
  return {
    against: inForce.version,
    changes: diffPolicies(inForce.policy, policy),
    overrides: baseline === undefined ? null : diffPolicies(baseline.policy, policy),
  };
}
