'use client';

import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { ActDialogProps } from './act-dialog';
import { useKeyAct } from './key-queries';

/** Asks before the APIs of a managed key refuse requests without it, or let them pass again. */
export default function RequireDialog({ apiKey, onClose, onDone }: ActDialogProps) {
  const change = useKeyAct(apiKey.id, 'requirement');
  const next = !apiKey.isRequired;
  const apis = apiKey.apiIds.join(', ');
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!change.isPending) onClose();
      }}
      title={next ? `Require ${apiKey.name}?` : `Stop requiring ${apiKey.name}?`}
      blastRadius={{
        count: apiKey.requestsWithoutLastHour,
        unit: `${apiKey.requestsWithoutLastHour === 1 ? 'request' : 'requests'} of the last hour came without it`,
        consequence: next
          ? `From now on ${apis} refuses such requests, where the API enforces.`
          : `From now on ${apis} lets such requests pass, and only counts them.`,
      }}
      act={next ? 'Require the key' : 'Only count'}
      actPending="Changing…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      restores={!next || apiKey.requestsWithoutLastHour === 0}
      pending={change.isPending}
      error={change.error === null ? undefined : toApiError(change.error)}
      onConfirm={(reason) =>
        change.mutate({ isRequired: next, reason }, { onSuccess: ({ seq }) => onDone(seq) })
      }
    />
  );
}
