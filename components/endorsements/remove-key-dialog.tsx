'use client';

import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { useRemoveTeamKey } from './endorsement-queries';

/** Asks before an app's key is taken away. */
export default function RemoveKeyDialog({
  app,
  onClose,
}: {
  app: { id: string; name: string };
  onClose: () => void;
}) {
  const remove = useRemoveTeamKey(app.id);
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!remove.isPending) onClose();
      }}
      title={`Remove the key of ${app.name}?`}
      blastRadius={{
        count: 1,
        unit: 'app has its receipts renewed no more',
        consequence: 'What is known of its devices stays, and grows old.',
      }}
      act="Remove the key"
      actPending="Removing…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      pending={remove.isPending}
      error={remove.error === null ? undefined : toApiError(remove.error)}
      onConfirm={(reason) => remove.mutate({ reason }, { onSuccess: onClose })}
    />
  );
}
