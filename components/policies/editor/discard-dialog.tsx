'use client';

import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { PolicyDraft } from '@/lib/contracts';
import { useDiscardDraft } from './editor-queries';

export interface DiscardDialogProps {
  appId: string;
  draft: PolicyDraft | null;
  isDirty: boolean;
  /** How many parts differ from what would be left. */
  changes: number;
  onClose: () => void;
  /** Goes back to what is saved. */
  onRevert: () => void;
  onDiscarded: () => void;
}

/** Asks before edits are lost: the unsaved ones, or else the draft. */
export default function DiscardDialog(props: DiscardDialogProps) {
  const { appId, draft, isDirty, changes, onClose, onRevert, onDiscarded } = props;
  const discard = useDiscardDraft(appId, onDiscarded);
  const onlyUnsaved = isDirty || draft === null;
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={onlyUnsaved ? 'Discard the unsaved changes?' : `Discard draft revision ${draft.revision}?`}
      blastRadius={{
        count: changes,
        unit: changes === 1 ? 'change against the version in force' : 'changes against the version in force',
        consequence: onlyUnsaved
          ? draft === null
            ? 'The editor begins again from the version in force.'
            : `The editor goes back to draft revision ${draft.revision}.`
          : `It was saved by ${draft.updatedBy}, and is a draft for nobody any more. What is in force stays.`,
      }}
      reason={false}
      act={onlyUnsaved ? 'Discard the changes' : 'Discard the draft'}
      actPending="Discarding…"
      pending={discard.isPending}
      error={discard.error === null ? undefined : toApiError(discard.error)}
      onConfirm={() => {
        if (onlyUnsaved) onRevert();
        else discard.mutate({ id: appId, revision: draft.revision });
      }}
    />
  );
}
