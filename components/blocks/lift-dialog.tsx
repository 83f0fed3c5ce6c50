'use client';

import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { BlockTarget } from './block-dialog';
import { useLiftBlock } from './block-queries';

export interface LiftDialogProps {
  target: BlockTarget;
  blockId: string;
  onClose: () => void;
  /** Called with the change's position in the feed, whose propagation is then to be shown. */
  onLifted: (seq: number) => void;
}

/** Asks before a block is lifted. */
export default function LiftDialog({ target, blockId, onClose, onLifted }: LiftDialogProps) {
  const lift = useLiftBlock();
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!lift.isPending) onClose();
      }}
      title={`Unblock this device of ${target.appName}?`}
      blastRadius={{
        count: 1,
        unit: `device: ${target.label}`,
        consequence: 'It is judged by its evidence and the policy again, from its next attestation on.',
      }}
      act="Unblock 1 device"
      actPending="Unblocking…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      restores
      pending={lift.isPending}
      error={lift.error === null ? undefined : toApiError(lift.error)}
      onConfirm={(reason) =>
        lift.mutate(
          { blockId, reason },
          {
            onSuccess: ({ liftSeq }) => {
              if (liftSeq !== null) onLifted(liftSeq);
              onClose();
            },
          },
        )
      }
    />
  );
}
