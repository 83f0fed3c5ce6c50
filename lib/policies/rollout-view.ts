import type { GuardrailFigures, Rollout } from '@/lib/contracts';
import type { RolloutRow } from './rollout-store';

/** A rollout as the console shows it; `figures` of now, where they were counted. */
export function rolloutView(row: RolloutRow, figures: GuardrailFigures | null = row.figures): Rollout {
  const { id, appId, version, baseVersion, state, stage, plan, guardrail, reason, endReason, seq } = row;
  return {
    ...{ id, appId, version, baseVersion, state, stage, plan, guardrail, reason, endReason, seq, figures },
    stageSince: row.stageSince.toISOString(),
    nextStageAt: row.nextStageAt?.toISOString() ?? null,
    startedBy: row.startedByName,
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    endedBy: row.endedByName,
  };
}
