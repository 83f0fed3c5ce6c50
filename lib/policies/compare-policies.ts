import { requirePermission, type VerbContext } from '@/lib/auth';
import type { Policy, PolicyDiff, PolicyDiffRequest, PolicySide } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { diffPolicies } from './diff-policies';
import { findBaseline, findVersion } from './store';

/**
 * How two policies of an app differ: versions, the baseline, or what is being edited.
 * @throws AppError `permission_denied`, `policy_not_found`, `policy_baseline_missing`
 */
export async function comparePolicies(ctx: VerbContext, input: PolicyDiffRequest): Promise<PolicyDiff> {
  requirePermission(ctx.actor, 'policies.read', input.id);
  const [from, to] = [await sideOf(ctx, input.id, input.from), await sideOf(ctx, input.id, input.to)];
  return { changes: diffPolicies(from, to) };
}

async function sideOf({ db }: VerbContext, appId: string, side: PolicySide): Promise<Policy> {
  if ('policy' in side) return side.policy;
  const found =
    'version' in side ? await findVersion(db.orm, appId, side.version) : await findBaseline(db.orm);
  if (!found) throw new AppError('version' in side ? 'policy_not_found' : 'policy_baseline_missing');
  return found.policy;
}
