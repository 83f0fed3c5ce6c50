'use client';

import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { OriginDetail } from '@/lib/contracts';
import { useRemoveOrigin } from './certificate-queries';

export interface RemoveOriginDialogProps {
  origin: OriginDetail;
  onClose: () => void;
  onRemoved: () => void;
}

/** Asks before an origin is forgotten with its pins. */
export default function RemoveOriginDialog({ origin, onClose, onRemoved }: RemoveOriginDialogProps) {
  const remove = useRemoveOrigin(origin.id);
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!remove.isPending) onClose();
      }}
      title={`Forget ${origin.host}?`}
      blastRadius={{
        count: origin.pinSet?.pins.length ?? 0,
        unit: 'pins',
        consequence:
          'Devices that fetch the next configuration accept every certificate for this host that their system accepts.',
      }}
      act={`Forget ${origin.host}`}
      actPending="Forgetting…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      pending={remove.isPending}
      error={remove.error === null ? undefined : toApiError(remove.error)}
      onConfirm={(reason) => remove.mutate(reason, { onSuccess: onRemoved })}
    />
  );
}
