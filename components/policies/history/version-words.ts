import type { MarkedVerdict } from '@/components/ui/verdict-mark';
import type { PolicyVersionView, Rollout } from '@/lib/contracts';
import { stageWords } from '../policy-words';

/** What the state of a version is called, and how it is marked. */
export const VERSION_STATES: Readonly<
  Record<PolicyVersionView['state'], { label: string; mark: MarkedVerdict }>
> = {
  in_force: { label: 'in force', mark: 'trusted' },
  candidate: { label: 'being rolled out', mark: 'flagged' },
  past: { label: 'past', mark: 'unknown' },
  stopped: { label: 'stopped', mark: 'rejected' },
};

/** How a version came into force, or did not. */
export function rolloutWords(rollout: Rollout | undefined): string {
  if (rollout === undefined) return 'Published at once, for all devices.';
  if (rollout.state === 'open') return `Being rolled out: ${stageWords(rollout.stage)}.`;
  if (rollout.state === 'done') return 'Rolled out in stages.';
  const where = rollout.stage === 'observe' ? 'in observe' : `at ${stageWords(rollout.stage)}`;
  const why = rollout.endReason === null ? '' : `: ${rollout.endReason}`;
  return `Stopped ${where} by ${rollout.endedBy ?? 'somebody'}${why}`;
}
