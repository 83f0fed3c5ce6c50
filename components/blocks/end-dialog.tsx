'use client';

import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { ListedBlock } from '@/lib/contracts';
import { useLiftBlock } from './block-queries';
import { SCOPE_WORDS, targetWords } from './block-words';

export interface EndDialogProps {
  block: ListedBlock;
  onClose: () => void;
  /** Called with the change's position in the feed, whose propagation is then to be shown. */
  onEnded: (seq: number) => void;
}

/** Asks before a block is lifted, or an allowlist entry removed: what it met in the last day is what will change. */
export default function EndDialog({ block, onClose, onEnded }: EndDialogProps) {
  const lift = useLiftBlock();
  const isAllow = block.effect === 'allow';
  const met = block.attestations24h + block.requests24h;
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!lift.isPending) onClose();
      }}
      title={`${isAllow ? 'Remove the allowlist entry' : 'Lift the block'} on ${SCOPE_WORDS[block.scope].label.toLowerCase()} ${targetWords(block)}?`}
      blastRadius={{
        count: met,
        unit: 'attestations and requests that it met in the last 24 hours',
        consequence: isAllow
          ? 'Blocks that it lifted refuse again, on every node.'
          : 'What it refused is judged by its evidence, its policy and other blocks again.',
      }}
      act={isAllow ? 'Remove the entry' : 'Lift the block'}
      actPending={isAllow ? 'Removing…' : 'Lifting…'}
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      restores={!isAllow}
      pending={lift.isPending}
      error={lift.error === null ? undefined : toApiError(lift.error)}
      onConfirm={(reason) =>
        lift.mutate(
          { blockId: block.id, reason },
          {
            onSuccess: ({ liftSeq }) => {
              if (liftSeq !== null) onEnded(liftSeq);
              onClose();
            },
          },
        )
      }
    />
  );
}
