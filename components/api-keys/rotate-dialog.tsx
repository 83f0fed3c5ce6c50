'use client';

import { useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/input';
import type { ApiKeyView } from '@/lib/contracts';
import type { ActDialogProps } from './act-dialog';
import { useKeyAct } from './key-queries';
import { DEFAULT_GRACE, GRACES, type GraceSeconds, graceConsequence, graceOf, holdWords } from './key-words';
import { SecretField } from './secret-field';

/** Asks before a new version is given out: whom it concerns, how long the old one stays good, and why. */
export default function RotateDialog({ apiKey, onClose, onDone }: ActDialogProps) {
  const [grace, setGrace] = useState<GraceSeconds>(DEFAULT_GRACE);
  const [value, setValue] = useState('');
  const rotate = useKeyAct(apiKey.id, 'rotate');
  const active = apiKey.versions.find(({ status }) => status === 'active')?.version ?? null;
  const asksHook = apiKey.hookUrl !== null;
  const error = rotate.error === null ? undefined : toApiError(rotate.error);
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!rotate.isPending) onClose();
      }}
      title={`Rotate ${apiKey.name}?`}
      blastRadius={{
        count: apiKey.devices,
        unit: holdWords(apiKey.devices, active === null ? 'an old version' : 'this key'),
        consequence: graceConsequence(grace, apiKey.kind),
      }}
      act={asksHook && value === '' ? 'Ask the hook for a new version' : 'Rotate the key'}
      actPending="Rotating…"
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      restores={grace > 0}
      pending={rotate.isPending}
      error={error}
      onConfirm={(reason) =>
        rotate.mutate(
          {
            fromVersion: active,
            graceSeconds: grace,
            reason,
            ...(value === '' ? {} : { value }),
          },
          { onSuccess: ({ seq }) => onDone(seq) },
        )
      }
    >
      <GraceField value={grace} onChange={setGrace} />
      <NewValueField apiKey={apiKey} value={value} onChange={setValue} error={error?.fields?.value} />
    </ConfirmDialog>
  );
}

/** For how long the old version may still be used. */
export function GraceField({
  value,
  onChange,
}: {
  value: GraceSeconds;
  onChange: (seconds: GraceSeconds) => void;
}) {
  return (
    <Field label="Grace" hint="Versions that are retiring already keep the end that they have.">
      {(control) => (
        <Select {...control} value={value} onChange={(event) => onChange(graceOf(event.target.value))}>
          {GRACES.map(({ seconds, label }) => (
            <option key={seconds} value={seconds}>
              {label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

/** The third party's new value; nothing for a managed key. */
export function NewValueField(props: {
  apiKey: ApiKeyView;
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}) {
  const { apiKey, value, onChange, error } = props;
  if (apiKey.kind === 'managed') return null;
  const hasHook = apiKey.hookUrl !== null;
  return (
    <SecretField
      label="New value"
      hint={
        hasHook
          ? 'Leave it empty to have the hook return one. It cannot be shown again.'
          : 'From the third party. It is sealed at once and cannot be shown again.'
      }
      optional={hasHook}
      value={value}
      onChange={onChange}
      error={error === undefined ? undefined : `The value ${error}.`}
    />
  );
}
