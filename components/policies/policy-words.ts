import type { RolloutStage } from '@/lib/contracts';

/** A stage of a rollout: "observe", "10 % of devices". */
export function stageWords(stage: RolloutStage): string {
  return stage === 'observe' ? 'observe' : `${stage} % of devices`;
}
