import { auditActorOf, requirePermission, type VerbContext } from '@/lib/auth';
import type { Rollout, RolloutAdvance, RolloutShadow, RolloutStart, RolloutStop } from '@/lib/contracts';
import { AppError, newId } from '@/lib/core';
import { cleared, requireDraft } from './drafts';
import { judgeGroups } from './guardrail';
import { lockRollout, moveOn, nextStageAt, stop } from './move-rollout';
import { isSame, partsOf } from './policy-parts';
import { announce, lockApp, requireSoundRules } from './publish';
import { conflict } from './publish-policy';
import {
  countGroups,
  countTransitions,
  findOpenRollout,
  findRollout,
  insertRollout,
  listRollouts,
  type RolloutRow,
  updateRollout,
} from './rollout-store';
import { rolloutView } from './rollout-view';
import { findStanding, findVersion, insertNextVersion, writeDraft } from './store';

const SHOWN_ROLLOUTS = 50;

/**
 * Publishes the draft in stages, the first of which only observes. The draft becomes a version, and is a draft no more.
 * @throws AppError `permission_denied`, `app_not_found`, `policy_draft_not_found`, `edit_conflict`, `approval_needed`,
 * `rollout_open`, `policy_unchanged`, `policy_rule_invalid`
 */
export async function startRollout(
  { db, actor, clock }: VerbContext,
  { id: appId, revision, reason, plan, guardrail }: RolloutStart,
): Promise<Rollout> {
  requirePermission(actor, 'policies.write', appId);
  const now = new Date(clock.nowMs());
  return db.orm.transaction(async (tx) => {
    const { currentVersion, needsApproval } = await lockApp(tx, appId);
    if (await findOpenRollout(tx, appId)) throw new AppError('rollout_open');
    const draft = await requireDraft(tx, { id: appId, revision });
    requireSoundRules(draft.policy);
    if (draft.basedOn !== currentVersion) throw conflict(currentVersion);
    if (needsApproval && draft.approvedBy === null) throw new AppError('approval_needed');
    const inForce = await findVersion(tx, appId, currentVersion);
    if (inForce && isSame([...partsOf(inForce.policy)].sort(), [...partsOf(draft.policy)].sort())) {
      throw new AppError('policy_unchanged');
    }
    const version = await insertNextVersion(tx, appId, {
      ...{ policy: draft.policy, reason, publishedBy: actor.name, publishedAt: now },
      ...{ approvedBy: draft.approvedByName, baselineVersion: draft.baselineVersion },
    });
    await writeDraft(tx, appId, cleared(draft));
    const row: RolloutRow = {
      ...{ id: newId(now.getTime()), appId, version: version.version, baseVersion: currentVersion },
      ...{ state: 'open', stage: 'observe', stageSince: now, nextStageAt: nextStageAt(plan, 'observe', now) },
      ...{ plan, guardrail, reason, startedBy: actor.id, startedByName: actor.name, startedAt: now },
      ...{ endedAt: null, endedByName: null, endReason: null, figures: null, checkedAt: null, seq: 0 },
    };
    await insertRollout(tx, row);
    const seq = await announce(tx, auditActorOf(actor), appId, {
      ...{
        action: 'policy_rollout.start',
        targetKind: 'policy',
        targetId: `${appId}/${row.version}`,
        reason,
      },
      detail: { rolloutId: row.id, version: row.version, basedOn: currentVersion, plan, guardrail },
    });
    await updateRollout(tx, row.id, { seq });
    return rolloutView({ ...row, seq });
  });
}

/** Rollouts of an app; the figures of an open one are counted now. @throws AppError `permission_denied`, `app_not_found` */
export async function readRollouts(
  { db, actor }: VerbContext,
  { id }: { id: string },
): Promise<{ rollouts: Rollout[] }> {
  requirePermission(actor, 'policies.read', id);
  if (!(await findStanding(db.orm, id))) throw new AppError('app_not_found');
  const rows = await listRollouts(db.orm, id, SHOWN_ROLLOUTS);
  const rollouts = await Promise.all(
    rows.map(async (row) => {
      if (row.state !== 'open') return rolloutView(row);
      const { candidate, control } = await countGroups(db, row);
      return rolloutView(row, judgeGroups(row.guardrail, candidate, control));
    }),
  );
  return { rollouts };
}

/**
 * What both versions said of the present stage's attestations. A rollout that has ended tells no more.
 * @throws AppError `permission_denied`, `rollout_not_found`, `rollout_ended`
 */
export async function readRolloutShadow(
  { db, actor }: VerbContext,
  { id }: { id: string },
): Promise<RolloutShadow> {
  const row = await findRollout(db.orm, id);
  if (!row) throw new AppError('rollout_not_found');
  requirePermission(actor, 'policies.read', row.appId);
  if (row.state !== 'open') throw new AppError('rollout_ended');
  const transitions = await countTransitions(db, row);
  const attestations = transitions.reduce((sum, one) => sum + one.attestations, 0);
  return { attestations, since: row.stageSince.toISOString(), transitions };
}

/**
 * Goes to the next stage by hand, whatever the timer says.
 * @throws AppError `permission_denied`, `rollout_not_found`, `rollout_ended`, `rollout_stage_past`
 */
export async function advanceRollout(ctx: VerbContext, input: RolloutAdvance): Promise<Rollout> {
  await requireRollout(ctx, input.id);
  return ctx.db.orm.transaction(async (tx) => {
    const row = await lockRollout(tx, input.id);
    if (row.stage !== input.stage) throw new AppError('rollout_stage_past');
    const now = new Date(ctx.clock.nowMs());
    return rolloutView(await moveOn(tx, row, { actor: auditActorOf(ctx.actor), now }));
  });
}

/** Stops a rollout and reverts what it did. @throws AppError `permission_denied`, `rollout_not_found`, `rollout_ended` */
export async function stopRollout(ctx: VerbContext, input: RolloutStop): Promise<Rollout> {
  await requireRollout(ctx, input.id);
  return ctx.db.orm.transaction(async (tx) => {
    const row = await lockRollout(tx, input.id);
    const move = { actor: auditActorOf(ctx.actor), now: new Date(ctx.clock.nowMs()), reason: input.reason };
    return rolloutView(await stop(tx, row, move));
  });
}

async function requireRollout({ db, actor }: VerbContext, id: string): Promise<void> {
  const known = await findRollout(db.orm, id);
  if (!known) throw new AppError('rollout_not_found');
  requirePermission(actor, 'policies.write', known.appId);
}
