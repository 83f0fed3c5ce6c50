'use client';

import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { DeviceErased, DeviceRow } from '@/lib/contracts';
import { deviceLabel } from './device-columns';
import { useEraseDevice } from './device-queries';
import { ERASED, KEPT } from './erase-words';

export interface EraseDialogProps {
  device: DeviceRow;
  onClose: () => void;
  onErased: (erased: DeviceErased) => void;
}

/** Asks before a device is erased: what goes, what stays, and why. */
export default function EraseDialog({ device, onClose, onErased }: EraseDialogProps) {
  const erase = useEraseDevice();
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!erase.isPending) onClose();
      }}
      title={`Erase this device of ${device.appName}?`}
      blastRadius={{
        count: 1,
        unit: `device: ${deviceLabel(device)}`,
        consequence: 'This cannot be undone. Its app has to enrol anew, and is then a new device.',
      }}
      act="Erase 1 device"
      actPending="Erasing…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      pending={erase.isPending}
      error={erase.error === null ? undefined : toApiError(erase.error)}
      onConfirm={(reason) => erase.mutate({ id: device.id, reason }, { onSuccess: onErased })}
    >
      <div className="grid gap-3 rounded-card border p-3 sm:grid-cols-2">
        <WhatHappens title="Goes" points={ERASED} />
        <WhatHappens title="Stays" points={KEPT} />
      </div>
    </ConfirmDialog>
  );
}

function WhatHappens({ title, points }: { title: string; points: readonly string[] }) {
  return (
    <section aria-label={title}>
      <h3 className="font-medium text-sm">{title}</h3>
      <ul className="mt-1 grid list-disc gap-1 pl-4 text-dim text-sm marker:text-faint">
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </section>
  );
}
