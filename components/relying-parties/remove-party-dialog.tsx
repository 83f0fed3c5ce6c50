'use client';

import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { RelyingPartyView } from '@/lib/contracts';
import { useRemoveParty } from './party-queries';

/** Asks before a relying party is removed. */
export default function RemovePartyDialog({
  party,
  onClose,
}: {
  party: RelyingPartyView;
  onClose: () => void;
}) {
  const remove = useRemoveParty();
  const living = party.replicas.filter(({ alive }) => alive).length;
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!remove.isPending) onClose();
      }}
      title={`Remove ${party.name}?`}
      blastRadius={{
        count: living,
        unit: `${living === 1 ? 'process follows' : 'processes follow'} the feed under this name`,
        consequence: 'Their credential is refused from now on, and no proof lists them.',
      }}
      act={`Remove ${party.name}`}
      actPending="Removing…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      pending={remove.isPending}
      error={remove.error === null ? undefined : toApiError(remove.error)}
      onConfirm={(reason) => remove.mutate({ id: party.id, reason }, { onSuccess: onClose })}
    />
  );
}
