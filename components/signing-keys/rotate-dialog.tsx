'use client';

import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { SigningKeys } from '@/lib/contracts';
import { useRotate } from './signing-key-queries';

/** Asks before the next key takes over: whom it concerns, and that nobody is cut off. */
export default function RotateDialog({ keys, onClose }: { keys: SigningKeys['keys']; onClose: () => void }) {
  const rotate = useRotate();
  const devices = keys.find(({ state }) => state === 'active')?.devices ?? 0;
  return (
    <ConfirmDialog
      open
      restores
      onOpenChange={() => {
        if (!rotate.isPending) onClose();
      }}
      title="Rotate the signing key?"
      blastRadius={{
        count: 0,
        unit: 'devices are cut off',
        consequence: `The next key signs; the one before verifies the tokens of ${devices.toLocaleString('en-GB')} ${
          devices === 1 ? 'device' : 'devices'
        } until the last has expired.`,
      }}
      act="Rotate the key"
      actPending="Asking the service…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      pending={rotate.isPending}
      error={rotate.error === null ? undefined : toApiError(rotate.error)}
      onConfirm={(reason) => rotate.mutate({ reason }, { onSuccess: onClose })}
    />
  );
}
