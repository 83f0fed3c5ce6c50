import { advancePolicyVersion } from '@/lib/apps';
import type { AuditActor } from '@/lib/audit';
import { type GuardrailFigures, ROLLOUT_STAGES, type RolloutStage } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import type { Tx } from '@/lib/db';
import { announce, lockApp } from './publish';
import { findRollout, type RolloutChange, type RolloutRow, updateRollout } from './rollout-store';

/** Who moves a rollout, when, and what the guardrail saw. */
export interface RolloutMove {
  readonly actor: AuditActor;
  readonly now: Date;
  readonly figures?: GuardrailFigures;
}

/**
 * The rollout as it is once its app is locked: nobody else moves it until the transaction ends.
 * @throws AppError `rollout_not_found`, `rollout_ended`
 */
export async function lockRollout(tx: Tx, id: string): Promise<RolloutRow> {
  const found = await findRollout(tx, id);
  if (!found) throw new AppError('rollout_not_found');
  await lockApp(tx, found.appId);
  const row = await findRollout(tx, id);
  if (!row) throw new AppError('rollout_not_found');
  if (row.state !== 'open') throw new AppError('rollout_ended');
  return row;
}

/** The moment at which the stage after this one begins by itself. */
export function nextStageAt(plan: RolloutRow['plan'], stage: RolloutStage, since: Date): Date | null {
  const seconds = stage === '100' ? null : plan[stage];
  return seconds === null ? null : new Date(since.getTime() + seconds * 1000);
}

/** Takes a locked rollout to its next stage; at the last one its version comes into force. */
export async function moveOn(
  tx: Tx,
  row: RolloutRow,
  { actor, now, figures }: RolloutMove,
): Promise<RolloutRow> {
  const stage = ROLLOUT_STAGES[ROLLOUT_STAGES.indexOf(row.stage) + 1];
  if (stage === undefined) throw new AppError('rollout_ended');
  const isDone = stage === '100';
  const change: RolloutChange = {
    ...{ stage, stageSince: now, nextStageAt: nextStageAt(row.plan, stage, now), checkedAt: now },
    figures: figures ?? row.figures,
    ...(isDone ? { state: 'done' as const, endedAt: now, endedByName: actor.name } : {}),
  };
  if (isDone && !(await advancePolicyVersion(tx, row.appId, row.baseVersion, row.version, now))) {
    throw new AppError('edit_conflict');
  }
  return commit(tx, row, change, {
    actor,
    action: isDone ? 'policy.publish' : 'policy_rollout.advance',
    reason: row.reason,
    detail: { rolloutId: row.id, version: row.version, stage, basedOn: row.baseVersion },
  });
}

/** Ends a locked rollout: the version in force before is so for all devices. */
export async function stop(
  tx: Tx,
  row: RolloutRow,
  { actor, now, figures, reason, by }: RolloutMove & { reason: string; by?: string },
): Promise<RolloutRow> {
  const change: RolloutChange = {
    ...{ state: 'stopped' as const, endedAt: now, endedByName: by ?? actor.name, endReason: reason },
    ...{ nextStageAt: null, checkedAt: now, figures: figures ?? row.figures },
  };
  return commit(tx, row, change, {
    actor,
    action: by === undefined ? 'policy_rollout.stop' : 'policy_rollout.revert',
    reason,
    detail: {
      ...{ rolloutId: row.id, version: row.version, stage: row.stage, inForce: row.baseVersion },
      ...(figures === undefined ? {} : { figures }),
    },
  });
}

async function commit(
  tx: Tx,
  row: RolloutRow,
  change: RolloutChange,
  { actor, ...act }: { actor: AuditActor; action: string; reason: string; detail: Record<string, unknown> },
): Promise<RolloutRow> {
  await updateRollout(tx, row.id, change);
  const target = { targetKind: 'policy', targetId: `${row.appId}/${row.version}` };
  const seq = await announce(tx, actor, row.appId, { ...act, ...target });
  await updateRollout(tx, row.id, { seq });
  return { ...row, ...change, seq };
}
