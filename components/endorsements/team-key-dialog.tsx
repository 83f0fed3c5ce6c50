'use client';

import { useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import { useSetTeamKey } from './endorsement-queries';

/** Asks for the key with which an app's Apple team asks about receipts. */
export default function TeamKeyDialog({
  app,
  onClose,
}: {
  app: { id: string; name: string };
  onClose: () => void;
}) {
  const [keyId, setKeyId] = useState('');
  const [privateKey, setPrivateKey] = useState('');
  const set = useSetTeamKey(app.id);
  const error = set.error === null ? undefined : toApiError(set.error);
  return (
    <ConfirmDialog
      open
      restores
      onOpenChange={() => {
        if (!set.isPending) onClose();
      }}
      title={`Set the key of ${app.name}`}
      blastRadius={{
        count: 1,
        unit: 'app has its receipts renewed',
        consequence: 'The key is sealed for the service. Nobody can read it here again.',
      }}
      act="Set the key"
      actPending="Setting…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      pending={set.isPending}
      error={error}
      onConfirm={(reason) => set.mutate({ keyId: keyId.trim(), privateKey, reason }, { onSuccess: onClose })}
    >
      <Field label="Key id" hint="Ten characters, as Apple shows it." error={error?.fields?.keyId}>
        {(control) => (
          <Input {...control} mono value={keyId} onChange={({ target }) => setKeyId(target.value)} />
        )}
      </Field>
      <Field
        label="Private key"
        hint="The content of the .p8 file of a key with the DeviceCheck service."
        error={error?.fields?.privateKey}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={4}
            spellCheck={false}
            autoComplete="off"
            className="font-mono text-sm"
            value={privateKey}
            onChange={({ target }) => setPrivateKey(target.value)}
          />
        )}
      </Field>
    </ConfirmDialog>
  );
}
