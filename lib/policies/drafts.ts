import { recordAudit } from '@/lib/audit';
import { type Actor, auditActorOf, requirePermission, type VerbContext } from '@/lib/auth';
import type {
  Policy,
  PolicyDraft,
  PolicyDraftAct,
  PolicyDraftSave,
  PolicySettings,
  PolicySettingsChange,
} from '@/lib/contracts';
import { AppError } from '@/lib/core';
import type { Tx } from '@/lib/db';
import { inherit } from './policy-parts';
import { lockApp, requireSoundRules } from './publish';
import {
  type DraftRow,
  findBaseline,
  findDraft,
  findVersion,
  updateNeedsApproval,
  writeDraft,
} from './store';

/** A draft with a policy. */
export type PresentDraft = DraftRow & { policy: Policy };

/** The draft as the console shows it; `null` where there is none. */
export function draftView(row: DraftRow): PolicyDraft | null {
  const { revision, basedOn, policy, baselineVersion, updatedByName, updatedAt } = row;
  if (policy === null) return null;
  return {
    ...{ revision, basedOn, policy, baselineVersion, updatedBy: updatedByName },
    updatedAt: updatedAt.toISOString(),
    approvedBy: row.approvedByName,
    approvedAt: row.approvedAt?.toISOString() ?? null,
  };
}

/** The draft that somebody saw, of an app that is locked. @throws AppError `policy_draft_not_found`, `edit_conflict` */
export async function requireDraft(tx: Tx, { id, revision }: PolicyDraftAct): Promise<PresentDraft> {
  const draft = await findDraft(tx, id);
  if (!draft?.policy) throw new AppError('policy_draft_not_found');
  if (draft.revision !== revision) throw draftConflict(draft);
  return { ...draft, policy: draft.policy };
}

function draftConflict({ revision, updatedByName }: DraftRow): AppError {
  return new AppError('edit_conflict', { detail: `${updatedByName} saved revision ${revision} meanwhile.` });
}

/**
 * Saves the draft on top of the revision that the editor saw. What was approved before is approved no more.
 * @throws AppError `permission_denied`, `app_not_found`, `policy_rule_invalid`, `policy_not_found`, `edit_conflict`
 */
export async function savePolicyDraft(ctx: VerbContext, input: PolicyDraftSave): Promise<PolicyDraft> {
  const { id, revision, basedOn, policy } = input;
  requirePermission(ctx.actor, 'policies.write', id);
  requireSoundRules(policy);
  return ctx.db.orm.transaction(async (tx) => {
    await lockApp(tx, id);
    const before = await findDraft(tx, id);
    const seen = before?.policy ? before.revision : 0;
    if (before?.policy && seen !== revision) throw draftConflict(before);
    if (!before?.policy && revision !== 0) throw new AppError('policy_draft_not_found');
    const base = await findVersion(tx, id, basedOn);
    if (!base) throw new AppError('policy_not_found');
    const baselineVersion = before?.policy ? before.baselineVersion : base.baselineVersion;
    return write(tx, ctx, id, before, { basedOn, policy, baselineVersion }, 'policy.draft_save');
  });
}

async function write(
  tx: Tx,
  { actor, clock }: { actor: Actor; clock: VerbContext['clock'] },
  appId: string,
  before: DraftRow | undefined,
  about: Pick<PresentDraft, 'basedOn' | 'policy' | 'baselineVersion'>,
  action: string,
): Promise<PolicyDraft> {
  const next = {
    ...about,
    revision: (before?.revision ?? 0) + 1,
    ...{ updatedBy: actor.id, updatedByName: actor.name, updatedAt: new Date(clock.nowMs()) },
    ...{ approvedBy: null, approvedByName: null, approvedAt: null },
  };
  await writeDraft(tx, appId, next);
  await auditDraft(tx, actor, appId, { action, revision: next.revision });
  const view = draftView(next);
  if (view === null) throw new TypeError('A draft that was written has a policy.');
  return view;
}

async function auditDraft(
  tx: Tx,
  actor: Actor,
  appId: string,
  { action, revision }: { action: string; revision: number },
): Promise<void> {
  const target = { targetKind: 'policy_draft', targetId: appId, appId };
  await recordAudit(tx, auditActorOf(actor), { action, ...target, detail: { revision } });
}

/** Discards the draft. @throws AppError `permission_denied`, `app_not_found`, `policy_draft_not_found`, `edit_conflict` */
export async function discardPolicyDraft(ctx: VerbContext, input: PolicyDraftAct): Promise<{ done: true }> {
  requirePermission(ctx.actor, 'policies.write', input.id);
  return ctx.db.orm.transaction(async (tx) => {
    await lockApp(tx, input.id);
    const draft = await requireDraft(tx, input);
    await writeDraft(tx, input.id, cleared(draft));
    await auditDraft(tx, ctx.actor, input.id, { action: 'policy.draft_discard', revision: draft.revision });
    return { done: true as const };
  });
}

/** What is left of a draft when it is discarded or published. */
export function cleared(draft: DraftRow): DraftRow {
  return { ...draft, policy: null, approvedBy: null, approvedByName: null, approvedAt: null };
}

/**
 * Approves exactly this revision. Whoever saved it cannot.
 * @throws AppError `permission_denied`, `app_not_found`, `policy_draft_not_found`, `edit_conflict`, `approval_own`
 */
export async function approvePolicyDraft(ctx: VerbContext, input: PolicyDraftAct): Promise<PolicyDraft> {
  const { actor, clock } = ctx;
  requirePermission(actor, 'policies.write', input.id);
  return ctx.db.orm.transaction(async (tx) => {
    await lockApp(tx, input.id);
    const draft = await requireDraft(tx, input);
    if (draft.updatedBy === actor.id) throw new AppError('approval_own');
    const approved = {
      ...draft,
      ...{ approvedBy: actor.id, approvedByName: actor.name, approvedAt: new Date(clock.nowMs()) },
    };
    await writeDraft(tx, input.id, approved);
    await auditDraft(tx, actor, input.id, { action: 'policy.draft_approve', revision: draft.revision });
    return draftView(approved) as PolicyDraft;
  });
}

/**
 * Brings the draft up to the newest baseline: what it has in common with the baseline that it inherited follows, what it
 * says otherwise stays. A draft that inherited nothing keeps every difference as its own. With revision 0, where there is no
 * draft, one is made of the version in force.
 * @throws AppError `permission_denied`, `app_not_found`, `policy_draft_not_found`, `edit_conflict`,
 * `policy_baseline_missing`
 */
export async function inheritBaseline(ctx: VerbContext, input: PolicyDraftAct): Promise<PolicyDraft> {
  requirePermission(ctx.actor, 'policies.write', input.id);
  return ctx.db.orm.transaction(async (tx) => {
    const { currentVersion } = await lockApp(tx, input.id);
    const { before, own } = await ownPolicy(tx, input, currentVersion);
    const newest = await findBaseline(tx);
    if (!newest) throw new AppError('policy_baseline_missing');
    const inherited = own.baselineVersion === null ? undefined : await findBaseline(tx, own.baselineVersion);
    const policy = inherited ? inherit(own.policy, inherited.policy, newest.policy) : own.policy;
    const about = { basedOn: own.basedOn, policy, baselineVersion: newest.version };
    return write(tx, ctx, input.id, before, about, 'policy.draft_inherit');
  });
}

/** The draft that somebody saw or, where they saw none and there is none, what a new one begins with. */
async function ownPolicy(
  tx: Tx,
  input: PolicyDraftAct,
  currentVersion: number,
): Promise<{
  before: DraftRow | undefined;
  own: Pick<PresentDraft, 'basedOn' | 'policy' | 'baselineVersion'>;
}> {
  const before = await findDraft(tx, input.id);
  if (input.revision !== 0 || before?.policy) {
    const draft = await requireDraft(tx, input);
    return { before: draft, own: draft };
  }
  const inForce = await findVersion(tx, input.id, currentVersion);
  if (!inForce) throw new AppError('policy_not_found');
  return { before, own: { ...inForce, basedOn: currentVersion } };
}

/** Sets what an app asks for before a policy is published. @throws AppError `permission_denied`, `app_not_found` */
export async function setPolicySettings(
  { db, actor, clock }: VerbContext,
  { id, needsApproval, reason }: PolicySettingsChange,
): Promise<PolicySettings> {
  requirePermission(actor, 'policies.write', id);
  return db.orm.transaction(async (tx) => {
    await lockApp(tx, id);
    await updateNeedsApproval(tx, id, needsApproval, new Date(clock.nowMs()));
    const target = { targetKind: 'app', targetId: id, appId: id };
    const action = 'policy.settings';
    await recordAudit(tx, auditActorOf(actor), { action, ...target, reason, detail: { needsApproval } });
    return { needsApproval };
  });
}
