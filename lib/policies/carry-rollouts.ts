import type { AuditActor } from '@/lib/audit';
import { AppError, type Clock } from '@/lib/core';
import type { Database } from '@/lib/db';
import { judgeGroups, tripWords } from './guardrail';
import { lockRollout, moveOn, stop } from './move-rollout';
import { countGroups, listOpenRollouts, type RolloutRow, updateRollout } from './rollout-store';

/** Who ended a rollout that its guardrail stopped. */
export const GUARDRAIL = 'Guardrail';
const ROLLOUTS: AuditActor = { kind: 'system', id: 'policy-rollouts', name: 'Policy rollouts' };

/**
 * Looks at every open rollout: stops one whose guardrail trips, and takes one whose time has come to its next stage, if
 * enough devices were seen to tell. Each in one transaction that begins with the app's lock, so that any number of processes
 * may do this at once and a crash leaves the stage before or the stage after. Returns how many were moved or stopped.
 */
export async function carryRollouts(db: Database, clock: Clock): Promise<number> {
  let moved = 0;
  for (const row of await listOpenRollouts(db.orm)) if (await carry(db, clock, row)) moved += 1;
  return moved;
}

async function carry(db: Database, clock: Clock, seen: RolloutRow): Promise<boolean> {
  // Counted before the lock: an app that is being edited need not wait for it.
  const { candidate, control } = await countGroups(db, seen);
  const figures = judgeGroups(seen.guardrail, candidate, control);
  const isDue = seen.nextStageAt !== null && seen.nextStageAt.getTime() <= clock.nowMs();
  if (!figures.isTripped && !(isDue && figures.increase !== null)) {
    await updateRollout(db.orm, seen.id, { figures, checkedAt: new Date(clock.nowMs()) });
    return false;
  }
  try {
    await db.orm.transaction(async (tx) => {
      const row = await lockRollout(tx, seen.id);
      // Somebody moved it meanwhile: what was counted is of the stage before.
      if (row.stage !== seen.stage) throw new AppError('rollout_stage_past');
      const move = { actor: ROLLOUTS, now: new Date(clock.nowMs()), figures };
      if (!figures.isTripped) return moveOn(tx, row, move);
      return stop(tx, row, { ...move, reason: tripWords(figures, row.guardrail), by: GUARDRAIL });
    });
    return true;
  } catch (error) {
    if (
      error instanceof AppError &&
      (error.code === 'rollout_stage_past' || error.code === 'rollout_ended')
    ) {
      return false;
    }
    throw error;
  }
}
