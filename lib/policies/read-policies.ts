import { requirePermission, type VerbContext } from '@/lib/auth';
import type { PolicyVersionView } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { currentVersion, findVersion, listVersions, type PolicyVersionRow } from './store';

const SHOWN_VERSIONS = 100;

/** The newest versions of an app's policy. @throws AppError `permission_denied`, `app_not_found` */
export async function listPolicyVersions(
  { db, actor }: VerbContext,
  input: { id: string },
): Promise<{ versions: PolicyVersionView[] }> {
  requirePermission(actor, 'policies.read', input.id);
  const current = await currentVersion(db.orm, input.id);
  if (current === undefined) throw new AppError('app_not_found');
  const rows = await listVersions(db.orm, input.id, SHOWN_VERSIONS);
  return { versions: rows.map((row) => versionView(row, current)) };
}

/** One version of an app's policy. @throws AppError `permission_denied`, `app_not_found`, `policy_not_found` */
export async function readPolicyVersion(
  { db, actor }: VerbContext,
  input: { id: string; version: number },
): Promise<PolicyVersionView> {
  requirePermission(actor, 'policies.read', input.id);
  const current = await currentVersion(db.orm, input.id);
  if (current === undefined) throw new AppError('app_not_found');
  const row = await findVersion(db.orm, input.id, input.version);
  if (!row) throw new AppError('policy_not_found');
  return versionView(row, current);
}

/** A version as the console shows it. */
export function versionView(row: PolicyVersionRow, current: number): PolicyVersionView {
  const { version, policy, reason, publishedBy, publishedAt } = row;
  return {
    version,
    policy,
    reason,
    publishedBy,
    publishedAt: publishedAt.toISOString(),
    current: version === current,
  };
}
