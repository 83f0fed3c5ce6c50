'use client';

import { useState } from 'react';
import { problemBeside, toApiError } from '@/components/query/api-error';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { Select } from '@/components/ui/input';
import type { OriginDetail, Pin } from '@/lib/contracts';
import { useStartRotation } from './certificate-queries';
import { shortPin } from './certificate-words';
import { PinImport } from './pin-import';
import { PinReasonField } from './pin-reason-field';

export interface StartRotationDialogProps {
  origin: OriginDetail;
  onClose: () => void;
  onStarted: (seq: number | null) => void;
}

const GOALS = [0.9, 0.99, 0.999, 1] as const;
const nameOf = (pin: Pin) => `${pin.label === '' ? 'Unnamed' : pin.label} (${shortPin(pin.spkiSha256)})`;

/** Asks which pin is replaced by which, and how many devices must hold the new one before the switch. */
export default function StartRotationDialog({ origin, onClose, onStarted }: StartRotationDialogProps) {
  const inSet = origin.pinSet?.pins ?? [];
  const presented = new Set(origin.lastChain?.chain.map(({ spkiSha256 }) => spkiSha256));
  const olds = inSet.filter(({ spkiSha256 }) => presented.has(spkiSha256));
  const [oldPin, setOldPin] = useState(olds[0]?.spkiSha256 ?? '');
  const [imported, setImported] = useState<readonly Pin[]>([]);
  const choices = [...inSet.filter(({ spkiSha256 }) => !presented.has(spkiSha256)), ...imported];
  const [newPin, setNewPin] = useState(choices[0]?.spkiSha256 ?? '');
  const [backup, setBackup] = useState('');
  const [goal, setGoal] = useState<number>(0.99);
  const [reason, setReason] = useState('');
  const start = useStartRotation(origin.id);
  const error = start.error === null ? undefined : toApiError(start.error);
  const problem = (path: string) =>
    error?.fields[path] === undefined ? undefined : `It ${error.fields[path]}.`;
  const find = (pin: string) => choices.find(({ spkiSha256 }) => spkiSha256 === pin);
  const chosen = find(newPin);

  const submit = () => {
    if (chosen === undefined || origin.pinSet === null) return;
    start.mutate(
      {
        basedOn: origin.pinSet.version,
        oldPin,
        newPin: chosen,
        backup: find(backup) ?? null,
        targetShare: goal,
        reason,
      },
      { onSuccess: ({ seq }) => onStarted(seq) },
    );
  };

  return (
    <FormDialog
      size="lg"
      title={`Rotate a pin of ${origin.host}`}
      description="The new pin joins the set now. The old one stays until you have switched the server and a probe has confirmed it."
      act="Start the rotation"
      actPending="Starting…"
      disabled={chosen === undefined}
      pending={start.isPending}
      problem={problemBeside(error, ['oldPin', 'newPin', 'backup', 'reason'])}
      onClose={onClose}
      onSubmit={submit}
    >
      <Field label="Pin to replace" hint="A key that the server presents now." error={problem('oldPin')}>
        {(control) => (
          <Select {...control} value={oldPin} onChange={(event) => setOldPin(event.target.value)}>
            {olds.map((pin) => (
              <option key={pin.spkiSha256} value={pin.spkiSha256}>
                {nameOf(pin)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <PinImport
        label="Import a key"
        onRead={(pins) => {
          const fresh = pins.filter((pin) => find(pin.spkiSha256) === undefined);
          setImported([...imported, ...fresh]);
          const [first] = pins;
          if (first !== undefined) setNewPin(first.spkiSha256);
        }}
      />
      <Field
        label="New pin"
        hint="A backup of the set, or a key that you imported."
        error={problem('newPin')}
      >
        {(control) => (
          <Select {...control} value={newPin} onChange={(event) => setNewPin(event.target.value)}>
            {choices.map((pin) => (
              <option key={pin.spkiSha256} value={pin.spkiSha256}>
                {nameOf(pin)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field
        label="Further backup"
        optional
        hint="Needed where the new pin is the only backup: import its key as well."
        error={problem('backup')}
      >
        {(control) => (
          <Select {...control} value={backup} onChange={(event) => setBackup(event.target.value)}>
            <option value="">none</option>
            {imported
              .filter(({ spkiSha256 }) => spkiSha256 !== newPin)
              .map((pin) => (
                <option key={pin.spkiSha256} value={pin.spkiSha256}>
                  {nameOf(pin)}
                </option>
              ))}
          </Select>
        )}
      </Field>
      <Field label="Safe to switch when so many devices hold the new pin">
        {(control) => (
          <Select {...control} value={goal} onChange={(event) => setGoal(Number(event.target.value))}>
            {GOALS.map((share) => (
              <option key={share} value={share}>
                {share === 1 ? 'every device' : `${share * 100} % of the devices`}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <PinReasonField value={reason} onChange={setReason} error={error} />
    </FormDialog>
  );
}
