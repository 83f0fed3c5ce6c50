import { Card, CardHeader } from '@/components/ui/card';
import { Time } from '@/components/ui/time';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { Rollout } from '@/lib/contracts';
import { outcomeOf } from './rollout-words';

/** How earlier rollouts ended, and why. */
export function PastRollouts({ rollouts }: { rollouts: readonly Rollout[] }) {
  const past = rollouts.filter(({ state }) => state !== 'open');
  return (
    <Card aria-label="Past rollouts">
      <CardHeader title="Past rollouts" />
      {past.length === 0 ? (
        <p className="px-4 pb-4 text-dim">No rollout has ended yet.</p>
      ) : (
        <ul className="border-t">
          {past.map((rollout) => (
            <PastRollout key={rollout.id} rollout={rollout} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function PastRollout({ rollout }: { rollout: Rollout }) {
  const { label, tone } = outcomeOf(rollout);
  return (
    <li className="grid gap-0.5 border-b px-4 py-2.5 last:border-b-0">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="font-medium">Version {rollout.version}</span>
        <VerdictLabel verdict={tone}>{label}</VerdictLabel>
        {rollout.endedAt === null ? null : <Time at={rollout.endedAt} className="ml-auto text-sm text-dim" />}
      </p>
      {rollout.endReason === null ? null : <p>{rollout.endReason}</p>}
      <p className="text-sm text-dim">
        begun <Time at={rollout.startedAt} /> by {rollout.startedBy}: “{rollout.reason}”
        {rollout.endedBy === null || rollout.endedBy === 'Guardrail' ? null : `; ended by ${rollout.endedBy}`}
      </p>
    </li>
  );
}
