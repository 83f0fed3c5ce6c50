'use client';

import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { DeviceRow } from '@/lib/contracts';
import { deviceLabel } from './device-columns';
import { useForceReenrolment } from './device-queries';

export interface ReenrolDialogProps {
  device: DeviceRow;
  onClose: () => void;
  onAsked: (seq: number) => void;
}

/** Asks before the enrolment of a device is set aside: what its user notices, and what it does not do. */
export default function ReenrolDialog({ device, onClose, onAsked }: ReenrolDialogProps) {
  const force = useForceReenrolment();
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!force.isPending) onClose();
      }}
      title={`Have this device of ${device.appName} enrol anew?`}
      blastRadius={{
        count: 1,
        unit: `device: ${deviceLabel(device)}`,
        consequence:
          'Its tokens are refused at once, and its key attests nothing any more. Its app makes a new key, proves it with new ' +
          'hardware evidence, and is then a new device in the list. It is not kept out: to do that, block it.',
      }}
      act="Have 1 device enrol anew"
      actPending="Cutting off…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log. Never shown to the device.' }}
      pending={force.isPending}
      error={force.error === null ? undefined : toApiError(force.error)}
      onConfirm={(reason) =>
        force.mutate(
          { id: device.id, reason },
          {
            onSuccess: ({ seq }) => {
              onAsked(seq);
              onClose();
            },
          },
        )
      }
    />
  );
}
