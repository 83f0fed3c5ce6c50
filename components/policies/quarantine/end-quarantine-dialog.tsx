'use client';

import { useQuery } from '@tanstack/react-query';
import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { Quarantine } from '@/lib/contracts';
import { effectQuery, useEndQuarantine } from './quarantine-queries';

export interface EndQuarantineDialogProps {
  quarantine: Quarantine;
  /** The signal for people. */
  title: string;
  onClose: () => void;
  /** Called with the change's position in the feed, whose propagation is then to be shown. */
  onEnded: (seq: number) => void;
}

/** Asks before a quarantine ends: whoever carried the signal is judged by it again. */
export default function EndQuarantineDialog(props: EndQuarantineDialogProps) {
  const { quarantine, title, onClose, onEnded } = props;
  const end = useEndQuarantine();
  const { data } = useQuery(effectQuery(quarantine));
  const devices = data?.found.devices ?? 0;
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!end.isPending) onClose();
      }}
      title={`End the quarantine of “${title}”?`}
      blastRadius={{
        count: devices,
        unit: `${devices === 1 ? 'device' : 'devices'} carried the signal since it began`,
        consequence: `${quarantine.whenWords}: they are judged by it again, as the policy says, on every node.`,
      }}
      act="End the quarantine"
      actPending="Ending…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      pending={end.isPending}
      error={end.error === null ? undefined : toApiError(end.error)}
      onConfirm={(reason) =>
        end.mutate(
          { id: quarantine.id, reason },
          {
            onSuccess: ({ endSeq }) => {
              if (endSeq !== null) onEnded(endSeq);
              onClose();
            },
          },
        )
      }
    />
  );
}
