import { recordAudit } from '@/lib/audit';
import {
  auditActorOf,
  permittedApps,
  requirePermission,
  requireSomewhere,
  type VerbContext,
} from '@/lib/auth';
import type {
  BaselineApps,
  BaselineDiff,
  BaselineDiffRequest,
  Policy,
  PolicyBaseline,
  PolicyBaselinePublication,
} from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { diffPolicies } from './diff-policies';
import { requireSoundRules } from './publish';
import { selectInheritance } from './standing-store';
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

/** How the apps that the reader may see stand to the newest baseline. @throws AppError `permission_denied` */
export async function listBaselineApps({ db, actor }: VerbContext): Promise<BaselineApps> {
  const ids = permittedApps(actor, 'policies.read');
  const newest = await findBaseline(db.orm);
  const rows = await selectInheritance(db.orm, ids);
  return {
    newest: newest?.version ?? null,
    apps: rows.map(({ policy, revision, draftInherited, ...app }) => ({
      ...app,
      draft: revision === null ? null : { revision, inheritedVersion: draftInherited },
      overrides: newest === undefined ? 0 : diffPolicies(newest.policy, policy).length,
    })),
  };
}

/** An empty policy of the newest schema: what a first baseline is compared with. */
const NOTHING: Policy = {
  schema: 2,
  threats: {},
  requirements: {
    environment: 'any',
    securityLevel: 'software',
    verifiedBoot: false,
    maxPatchAgeDays: null,
    maxEvidenceAgeSeconds: null,
    registeredVersion: false,
  },
  tokenTtlSeconds: 60,
};

/** What a policy would change of the newest baseline. @throws AppError `permission_denied`, `policy_rule_invalid` */
export async function diffBaseline(
  { db, actor }: VerbContext,
  { policy }: BaselineDiffRequest,
): Promise<BaselineDiff> {
  requireSomewhere(actor, 'policies.read');
  requireSoundRules(policy);
  const newest = await findBaseline(db.orm);
  return { against: newest?.version ?? 0, changes: diffPolicies(newest?.policy ?? NOTHING, policy) };
}
