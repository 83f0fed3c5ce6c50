import { Check, ChevronRight } from 'lucide-react';
import { Card } from '@/components/ui/card';
import { cx } from '@/components/ui/cx';
import { formatDuration } from '@/components/ui/format';
import { Time } from '@/components/ui/time';
import type { Rollout, RolloutStage } from '@/lib/contracts';
import { STAGES } from './rollout-words';

const MEANINGS: Readonly<Record<RolloutStage, string>> = {
  observe: 'Nobody is judged by it; what it would say is recorded.',
  '1': 'One device in a hundred is judged by it.',
  '10': 'One device in ten is judged by it.',
  '50': 'Every second device is judged by it.',
  '100': 'It is in force, and the rollout is over.',
};

/** The stages of an open rollout: where it is, since when, and when it goes on by itself. */
export function StagesCard({ rollout }: { rollout: Rollout }) {
  const present = STAGES.indexOf(rollout.stage);
  return (
    <Card aria-label="Stages" className="overflow-hidden">
      <ol className="-mr-px -mb-px grid grid-cols-2 sm:grid-cols-3 lg:grid-cols-5">
        {STAGES.map((stage, index) => (
          <li
            key={stage}
            aria-current={index === present ? 'step' : undefined}
            className={cx(
              'grid content-start gap-0.5 border-r border-b px-4 py-3',
              index === present && 'tint-accent',
            )}
          >
            <span
              className="flex items-center gap-1.5 text-figure font-semibold"
              data-tooltip={MEANINGS[stage]}
            >
              <span className={cx(index > present && 'text-dim')}>
                {stage === 'observe' ? 'Observe' : `${stage} %`}
              </span>
              {index < present ? <Check aria-hidden size={14} className="text-trusted-text" /> : null}
              <span className="sr-only">{index < present ? 'done' : ''}</span>
              {index === STAGES.length - 1 ? null : (
                <ChevronRight aria-hidden size={14} className="ml-auto text-faint" />
              )}
            </span>
            <span className={cx('min-h-4 text-sm', index === present ? 'text-ink' : 'text-dim')}>
              <StageNote rollout={rollout} stage={stage} index={index} present={present} />
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

interface StageNoteProps {
  rollout: Rollout;
  stage: RolloutStage;
  index: number;
  present: number;
}

function StageNote({ rollout, stage, index, present }: StageNoteProps) {
  if (index < present) return 'done';
  if (index > present) return stage === '100' ? 'in force' : holdWords(rollout.plan[stage]);
  return (
    <>
      since <Time at={rollout.stageSince} />
      {rollout.nextStageAt === null ? (
        ', until somebody goes on'
      ) : (
        <>
          , goes on <Time at={rollout.nextStageAt} />
        </>
      )}
    </>
  );
}

/** How long a stage is planned to last. */
function holdWords(seconds: number | null): string {
  return seconds === null ? 'until somebody goes on' : `for ${formatDuration(seconds * 1_000)}`;
}
