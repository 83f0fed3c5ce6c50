import { requirePermission, type VerbContext } from '@/lib/auth';
import type { Policy, PolicyEditor, PolicyInheritance, PolicyVersionView } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import type { Executor } from '@/lib/db';
import { diffPolicies } from './diff-policies';
import { draftView } from './drafts';
import { findOpenRollout, listRollouts } from './rollout-store';
import { rolloutView } from './rollout-view';
import {
  findBaseline,
  findDraft,
  findStanding,
  findVersion,
  listVersions,
  type PolicyVersionRow,
} from './store';

const SHOWN_VERSIONS = 100;

/** The newest versions of an app's policy. @throws AppError `permission_denied`, `app_not_found` */
export async function listPolicyVersions(
  { db, actor }: VerbContext,
  input: { id: string },
): Promise<{ versions: PolicyVersionView[] }> {
  requirePermission(actor, 'policies.read', input.id);
  const current = await requireCurrent(db.orm, input.id);
  const rows = await listVersions(db.orm, input.id, SHOWN_VERSIONS);
  const rollouts = await listRollouts(db.orm, input.id, SHOWN_VERSIONS);
  const stateOf = (version: number): PolicyVersionView['state'] => {
    if (version === current) return 'in_force';
    const rollout = rollouts.find((one) => one.version === version);
    if (rollout?.state === 'open') return 'candidate';
    return rollout?.state === 'stopped' ? 'stopped' : 'past';
  };
  return { versions: rows.map((row) => versionView(row, stateOf(row.version))) };
}

/** One version of an app's policy. @throws AppError `permission_denied`, `app_not_found`, `policy_not_found` */
export async function readPolicyVersion(
  { db, actor }: VerbContext,
  input: { id: string; version: number },
): Promise<PolicyVersionView> {
  requirePermission(actor, 'policies.read', input.id);
  const current = await requireCurrent(db.orm, input.id);
  const row = await findVersion(db.orm, input.id, input.version);
  if (!row) throw new AppError('policy_not_found');
  return versionView(row, input.version === current ? 'in_force' : 'past');
}

/** Everything that the editor of an app's policy starts from. @throws AppError `permission_denied`, `app_not_found` */
export async function readPolicyEditor(
  { db, actor }: VerbContext,
  { id }: { id: string },
): Promise<PolicyEditor> {
  requirePermission(actor, 'policies.read', id);
  const standing = await findStanding(db.orm, id);
  if (!standing) throw new AppError('app_not_found');
  const inForce = await findVersion(db.orm, id, standing.currentVersion);
  if (!inForce) throw new AppError('policy_not_found');
  const stored = await findDraft(db.orm, id);
  const draft = stored === undefined ? null : draftView(stored);
  const rollout = await findOpenRollout(db.orm, id);
  return {
    inForce: versionView(inForce, 'in_force'),
    draft,
    rollout: rollout === undefined ? null : rolloutView(rollout),
    inheritance: await inheritanceOf(db.orm, draft ?? inForce),
    settings: { needsApproval: standing.needsApproval },
  };
}

async function inheritanceOf(
  db: Executor,
  { policy, baselineVersion }: { policy: Policy; baselineVersion: number | null },
): Promise<PolicyInheritance | null> {
  const baseline = await findBaseline(db);
  if (baseline === undefined) return null;
  return { baseline, inheritedVersion: baselineVersion, overrides: diffPolicies(baseline.policy, policy) };
}

async function requireCurrent(db: Executor, appId: string): Promise<number> {
  const standing = await findStanding(db, appId);
  if (standing === undefined) throw new AppError('app_not_found');
  return standing.currentVersion;
}

/** A version as the console shows it. */
export function versionView(row: PolicyVersionRow, state: PolicyVersionView['state']): PolicyVersionView {
  const { version, policy, reason, publishedBy, publishedAt, approvedBy, baselineVersion } = row;
  return {
    ...{ version, policy, reason, publishedBy, approvedBy, baselineVersion, state },
    publishedAt: publishedAt.toISOString(),
    current: state === 'in_force',
  };
}
