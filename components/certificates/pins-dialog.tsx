'use client';

import { X } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { plural } from '@/components/ui/format';
import { Checkbox, Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { OriginDetail, Pin, PinAct } from '@/lib/contracts';
import { usePublishPins } from './certificate-queries';
import { commonName, shortPin } from './certificate-words';
import { PinImport } from './pin-import';

const LABEL_LENGTH = 80;

export interface PinsDialogProps {
  origin: OriginDetail;
  onClose: () => void;
  onPublished: (act: PinAct) => void;
}

/** Edits the pins of an origin and publishes them; what could cut the app off takes a second, explicit yes. */
export default function PinsDialog({ origin, onClose, onPublished }: PinsDialogProps) {
  const formId = useId();
  const { pinSet, lastChain } = origin;
  const [pins, setPins] = useState<readonly Pin[]>(pinSet?.pins ?? []);
  const [reportOnly, setReportOnly] = useState(pinSet?.reportOnly ?? false);
  const [reason, setReason] = useState('');
  const [override, setOverride] = useState(false);
  const publish = usePublishPins(origin.id);
  const error = publish.error === null ? undefined : toApiError(publish.error);
  const presented = new Set(lastChain?.chain.map(({ spkiSha256 }) => spkiSha256));
  const has = (pin: string) => pins.some(({ spkiSha256 }) => spkiSha256 === pin);
  // What was said of another set, and agreed to, says nothing of this one.
  const change = (next: readonly Pin[]) => {
    setPins(next);
    setOverride(false);
    publish.reset();
  };
  const add = (more: readonly Pin[]) =>
    change([...pins, ...more.filter(({ spkiSha256 }) => !has(spkiSha256))]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    publish.mutate(
      { basedOn: pinSet?.version ?? null, pins: [...pins], reportOnly, reason, override },
      { onSuccess: onPublished },
    );
  };

  return (
    <Dialog
      open
      size="lg"
      onOpenChange={() => {
        if (!publish.isPending) onClose();
      }}
      title={`Pins of ${origin.host}`}
      description="Devices accept a chain that holds one of these keys. Keep at least one that the server does not present: it is the way back when a key is lost."
      footer={
        <>
          <Button onClick={onClose} disabled={publish.isPending}>
            Cancel
          </Button>
          <Button
            type="submit"
            form={formId}
            variant={override ? 'danger' : 'primary'}
            pending={publish.isPending ? 'Publishing…' : undefined}
          >
            {pins.length === 0 ? 'Stop pinning' : `Publish ${plural(pins.length, 'pin')}`}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="grid gap-4">
        <ul className="grid gap-2">
          {pins.map((pin) => (
            <li key={pin.spkiSha256} className="flex items-center gap-2">
              <Input
                aria-label={`Label of ${shortPin(pin.spkiSha256)}`}
                placeholder="What key this is"
                maxLength={LABEL_LENGTH}
                value={pin.label}
                onChange={(event) =>
                  setPins(pins.map((one) => (one === pin ? { ...one, label: event.target.value } : one)))
                }
              />
              <code className="font-mono text-sm text-dim" data-tooltip={pin.spkiSha256}>
                {shortPin(pin.spkiSha256)}
              </code>
              <span className="w-20 text-sm text-faint">
                {presented.has(pin.spkiSha256) ? 'presented' : 'backup'}
              </span>
              <Button
                variant="ghost"
                size="icon"
                aria-label={`Remove ${shortPin(pin.spkiSha256)}`}
                onClick={() => change(pins.filter((one) => one !== pin))}
              >
                <X aria-hidden size={14} />
              </Button>
            </li>
          ))}
        </ul>
        {(lastChain?.chain ?? [])
          .filter(({ spkiSha256 }) => !has(spkiSha256))
          .map(({ spkiSha256, subject }) => (
            <Button
              key={spkiSha256}
              size="sm"
              className="justify-self-start"
              onClick={() =>
                add([{ spkiSha256, source: 'probe', label: commonName(subject).slice(0, LABEL_LENGTH) }])
              }
            >
              Add the presented key of {commonName(subject)}
            </Button>
          ))}
        <PinImport label="Add a key" onRead={add} />
        <label htmlFor={`${formId}-report`} className="flex items-center gap-2.5">
          <Checkbox
            id={`${formId}-report`}
            checked={reportOnly}
            onChange={(event) => setReportOnly(event.target.checked)}
          />
          Report only: devices report a chain without a pin, and connect all the same
        </label>
        <Field label="Reason" hint="Kept with the set and in the audit log." error={error?.fields.reason}>
          {(control) => (
            <Input
              {...control}
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        {error === undefined ? null : (
          <Notice tone="rejected">
            {error.fields.pins === undefined ? error.message : `The set ${error.fields.pins}.`}
          </Notice>
        )}
        {error?.code === 'pins_unsafe' || override ? (
          <label htmlFor={`${formId}-override`} className="flex items-center gap-2.5">
            <Checkbox
              id={`${formId}-override`}
              checked={override}
              onChange={(event) => setOverride(event.target.checked)}
            />
            Publish it all the same: I know that devices may be cut off
          </label>
        ) : null}
      </form>
    </Dialog>
  );
}
