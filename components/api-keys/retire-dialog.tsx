'use client';

import { useId, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Checkbox } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { VersionDialogProps } from './act-dialog';
import { useKeyAct } from './key-queries';
import { holdWords, safetyWords, usageWords } from './key-words';

/** Asks before a version that is retiring, or was never given out, ends. One in use needs a word more. */
export default function RetireDialog({ apiKey, version, onClose, onDone }: VersionDialogProps) {
  const checkboxId = useId();
  const [override, setOverride] = useState(false);
  const retire = useKeyAct(apiKey.id, 'retire');
  const isManaged = apiKey.kind === 'managed';
  const count = isManaged ? version.usingDevices : version.devices;
  const isStaged = version.status === 'staged';
  const isInUse = version.isSafeToRetire === false;
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!retire.isPending) onClose();
      }}
      title={`${isStaged ? 'Discard' : 'Retire'} version ${version.version} of ${apiKey.name}?`}
      blastRadius={{
        count,
        unit: isManaged ? `${count === 1 ? 'device' : 'devices'} used it last` : holdWords(count, 'it'),
        consequence: isStaged ? 'It was given to nobody.' : usageWords(apiKey.kind, version),
      }}
      act={isStaged ? 'Discard it' : 'Retire it'}
      actPending={isStaged ? 'Discarding…' : 'Retiring…'}
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      restores={!isInUse}
      pending={retire.isPending}
      error={retire.error === null ? undefined : toApiError(retire.error)}
      onConfirm={(reason) =>
        retire.mutate({ version: version.version, reason, override }, { onSuccess: ({ seq }) => onDone(seq) })
      }
    >
      {isInUse ? (
        <>
          <Notice tone="flagged">{safetyWords(apiKey, version)}</Notice>
          <label htmlFor={checkboxId} className="flex items-start gap-2.5">
            <Checkbox
              id={checkboxId}
              className="mt-[3px]"
              checked={override}
              onChange={(event) => setOverride(event.target.checked)}
            />
            <span>Retire it although it is in use. What still uses it is refused from now on.</span>
          </label>
        </>
      ) : null}
    </ConfirmDialog>
  );
}
