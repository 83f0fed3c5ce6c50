'use client';

import { useState } from 'react';
import { problemBeside, toApiError } from '@/components/query/api-error';
import { FormDialog } from '@/components/ui/form-dialog';
import type { ActDialogProps } from './act-dialog';
import { useKeyAct } from './key-queries';
import { SecretField } from './secret-field';

/** Prepares a version that nobody is given yet. */
export default function StageDialog({ apiKey, onClose, onDone }: ActDialogProps) {
  const [value, setValue] = useState('');
  const stage = useKeyAct(apiKey.id, 'stage');
  const error = stage.error === null ? undefined : toApiError(stage.error);
  return (
    <FormDialog
      size="sm"
      title={`Stage a version of ${apiKey.name}`}
      description="It is given to no device until you activate it."
      act="Stage it"
      actPending="Staging…"
      pending={stage.isPending}
      problem={problemBeside(error, ['value'])}
      onClose={onClose}
      onSubmit={() => stage.mutate(value === '' ? {} : { value }, { onSuccess: ({ seq }) => onDone(seq) })}
    >
      {apiKey.kind === 'managed' ? (
        <p className="text-dim">Its value is made here, and shown to nobody.</p>
      ) : (
        <SecretField
          label="Value"
          hint="From the third party. It is sealed at once and cannot be shown again."
          value={value}
          onChange={setValue}
          error={error?.fields.value === undefined ? undefined : `The value ${error.fields.value}.`}
        />
      )}
    </FormDialog>
  );
}
