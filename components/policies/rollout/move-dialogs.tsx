'use client';

import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { Rollout } from '@/lib/contracts';
import RevertDialog from '../revert-dialog';
import { useAdvanceRollout, useStopRollout } from './rollout-queries';
import { advanceAct, nextStage } from './rollout-words';

export interface MoveDialogProps {
  /** What is to be done to the rollout. `revert` is for one that has ended in force. */
  move: 'advance' | 'stop' | 'revert';
  rollout: Rollout;
  onClose: () => void;
  /** Called with the change's position in the feed, whose propagation is then to be shown. */
  onMoved: (seq: number) => void;
}

/** Asks before a rollout goes on, is stopped, or is taken back after its end. */
export default function MoveDialog({ move, ...props }: MoveDialogProps) {
  if (move === 'advance') return <AdvanceDialog {...props} />;
  if (move === 'stop') return <StopDialog {...props} />;
  const { rollout, onClose, onMoved } = props;
  return (
    <RevertDialog
      appId={rollout.appId}
      inForce={rollout.version}
      to={rollout.baseVersion}
      onClose={onClose}
      onReverted={({ seq }) => {
        onMoved(seq);
        onClose();
      }}
    />
  );
}

type DialogProps = Omit<MoveDialogProps, 'move'>;

/** What every one of the dialogs says of its act. */
function shared(act: { isPending: boolean; error: Error | null }, onClose: () => void) {
  return {
    open: true,
    onOpenChange: () => {
      if (!act.isPending) onClose();
    },
    pending: act.isPending,
    error: act.error === null ? undefined : toApiError(act.error),
  };
}

function AdvanceDialog({ rollout, onClose, onMoved }: DialogProps) {
  const advance = useAdvanceRollout();
  const next = nextStage(rollout.stage) ?? '100';
  const isLast = next === '100';
  const known = rollout.figures?.increase ?? null;
  return (
    <ConfirmDialog
      {...shared(advance, onClose)}
      title={isLast ? `Put version ${rollout.version} into force?` : `Go on with version ${rollout.version}?`}
      blastRadius={{
        count: Number(next),
        unit: `% of devices are judged by version ${rollout.version}`,
        consequence: `${isLast ? 'The rollout is over then, and no guardrail watches any more.' : 'The guardrail goes on watching.'}${
          known === null ? ' Too few devices were seen in this stage to conclude anything from it.' : ''
        }`,
      }}
      act={advanceAct(rollout.stage)}
      actPending="Going on…"
      reason={false}
      restores={known !== null}
      onConfirm={() =>
        advance.mutate(
          { id: rollout.id, stage: rollout.stage },
          {
            onSuccess: ({ seq }) => {
              onMoved(seq);
              onClose();
            },
          },
        )
      }
    />
  );
}

function StopDialog({ rollout, onClose, onMoved }: DialogProps) {
  const stop = useStopRollout();
  const judged = rollout.stage === 'observe' ? 0 : (rollout.figures?.candidate.devices ?? 0);
  return (
    <ConfirmDialog
      {...shared(stop, onClose)}
      title={`Stop the rollout of version ${rollout.version}?`}
      blastRadius={{
        count: judged,
        unit: `${judged === 1 ? 'device was' : 'devices were'} judged by it in this stage`,
        consequence: `Version ${rollout.baseVersion} judges every device again, on every node. Version ${rollout.version} stays in the history.`,
      }}
      act="Stop and revert"
      actPending="Stopping…"
      reason={{ label: 'Reason', hint: 'Kept with the rollout and in the audit log.' }}
      onConfirm={(reason) =>
        stop.mutate(
          { id: rollout.id, reason },
          {
            onSuccess: ({ seq }) => {
              onMoved(seq);
              onClose();
            },
          },
        )
      }
    />
  );
}
