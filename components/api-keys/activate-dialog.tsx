'use client';

import { useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { VersionDialogProps } from './act-dialog';
import { useKeyAct } from './key-queries';
import { DEFAULT_GRACE, type GraceSeconds, graceConsequence, holdWords } from './key-words';
import { GraceField } from './rotate-dialog';

/** Asks before the staged version is given out. */
export default function ActivateDialog({ apiKey, version, onClose, onDone }: VersionDialogProps) {
  const [grace, setGrace] = useState<GraceSeconds>(DEFAULT_GRACE);
  const activate = useKeyAct(apiKey.id, 'activate');
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!activate.isPending) onClose();
      }}
      title={`Activate version ${version.version} of ${apiKey.name}?`}
      blastRadius={{
        count: apiKey.devices,
        unit: holdWords(apiKey.devices, 'this key'),
        consequence: graceConsequence(grace, apiKey.kind),
      }}
      act="Activate it"
      actPending="Activating…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      restores={grace > 0}
      pending={activate.isPending}
      error={activate.error === null ? undefined : toApiError(activate.error)}
      onConfirm={(reason) =>
        activate.mutate(
          { version: version.version, graceSeconds: grace, reason },
          { onSuccess: ({ seq }) => onDone(seq) },
        )
      }
    >
      <GraceField value={grace} onChange={setGrace} />
    </ConfirmDialog>
  );
}
