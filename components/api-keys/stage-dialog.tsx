'use client';

import { type FormEvent, useId, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import type { ActDialogProps } from './act-dialog';
import { useKeyAct } from './key-queries';
import { SecretField } from './secret-field';

/** Prepares a version that nobody is given yet. */
export default function StageDialog({ apiKey, onClose, onDone }: ActDialogProps) {
  const formId = useId();
  const [value, setValue] = useState('');
  const stage = useKeyAct(apiKey.id, 'stage');
  const error = stage.error === null ? undefined : toApiError(stage.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    stage.mutate(value === '' ? {} : { value }, { onSuccess: ({ seq }) => onDone(seq) });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="sm"
      title={`Stage a version of ${apiKey.name}`}
      description="It is given to no device until you activate it."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            pending={stage.isPending ? 'Staging…' : undefined}
          >
            Stage it
          </Button>
        </>
      }
    >
      <form id={formId} method="post" onSubmit={submit} className="grid gap-4">
        {apiKey.kind === 'managed' ? (
          <p className="text-dim">Its value is made here, and shown to nobody.</p>
        ) : (
          <SecretField
            label="Value"
            hint="From the third party. It is sealed at once and cannot be shown again."
            value={value}
            onChange={setValue}
            error={error?.fields?.value === undefined ? undefined : `The value ${error.fields.value}.`}
          />
        )}
        {error === undefined || error.fields?.value !== undefined ? null : (
          <Notice tone="rejected">{error.message}</Notice>
        )}
      </form>
    </Dialog>
  );
}
