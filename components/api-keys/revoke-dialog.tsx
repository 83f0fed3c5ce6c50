'use client';

import { useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { VersionDialogProps } from './act-dialog';
import { useKeyAct } from './key-queries';
import { holdWords, usageWords } from './key-words';
import { SecretField } from './secret-field';

/** Asks before a version ends at once, whatever uses it. */
export default function RevokeDialog({ apiKey, version, onClose, onDone }: VersionDialogProps) {
  const [value, setValue] = useState('');
  const revoke = useKeyAct(apiKey.id, 'revoke');
  const error = revoke.error === null ? undefined : toApiError(revoke.error);
  const isActive = version.status === 'active';
  const hasStaged = apiKey.versions.some(({ status }) => status === 'staged');
  const asksValue = isActive && apiKey.kind === 'external' && !hasStaged;
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!revoke.isPending) onClose();
      }}
      title={`Revoke version ${version.version} of ${apiKey.name} now?`}
      blastRadius={{
        count: version.devices,
        unit: holdWords(version.devices, `version ${version.version}`),
        consequence: `${consequence(apiKey.kind, isActive)} ${usageWords(apiKey.kind, version)}`,
      }}
      act="Revoke now"
      actPending="Revoking…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      pending={revoke.isPending}
      error={error}
      onConfirm={(reason) =>
        revoke.mutate(
          { version: version.version, reason, ...(value === '' ? {} : { value }) },
          { onSuccess: ({ seq }) => onDone(seq) },
        )
      }
    >
      {asksValue ? (
        <SecretField
          label="Value of the successor"
          hint="Without it, devices are given no key until you enter one."
          optional
          value={value}
          onChange={setValue}
          error={error?.fields?.value === undefined ? undefined : `The value ${error.fields.value}.`}
        />
      ) : null}
    </ConfirmDialog>
  );
}

function consequence(kind: 'managed' | 'external', isActive: boolean): string {
  if (kind === 'external') {
    return 'No device is given it any more. Revoke it at the third party as well: Countersign cannot.';
  }
  return isActive
    ? 'Requests with it are refused at once, on every node. Devices fetch a successor with their next attestation.'
    : 'Requests with it are refused at once, on every node.';
}
