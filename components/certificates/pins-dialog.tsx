'use client';

import { X } from 'lucide-react';
import { useId, useState } from 'react';
import { type ApiError, problemBeside, toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { FormDialog } from '@/components/ui/form-dialog';
import { plural } from '@/components/ui/format';
import { Checkbox, Input } from '@/components/ui/input';
import type { OriginDetail, Pin, PinAct } from '@/lib/contracts';
import { usePublishPins } from './certificate-queries';
import { commonName, shortPin } from './certificate-words';
import { PinImport } from './pin-import';
import { PinReasonField } from './pin-reason-field';

const LABEL_LENGTH = 80;

export interface PinsDialogProps {
  origin: OriginDetail;
  onClose: () => void;
  onPublished: (act: PinAct) => void;
}

/** Edits the pins of an origin and publishes them; what could cut the app off takes a second, explicit yes. */
export default function PinsDialog({ origin, onClose, onPublished }: PinsDialogProps) {
  const id = useId();
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

  const submit = () =>
    publish.mutate(
      { basedOn: pinSet?.version ?? null, pins: [...pins], reportOnly, reason, override },
      { onSuccess: onPublished },
    );

  return (
    <FormDialog
      size="lg"
      title={`Pins of ${origin.host}`}
      description="Devices accept a chain that holds one of these keys. Keep at least one that the server does not present: it is the way back when a key is lost."
      act={pins.length === 0 ? 'Stop pinning' : `Publish ${plural(pins.length, 'pin')}`}
      actPending="Publishing…"
      danger={override}
      pending={publish.isPending}
      problem={problemOf(error)}
      onClose={onClose}
      onSubmit={submit}
    >
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
      <label htmlFor={`${id}-report`} className="flex items-center gap-2.5">
        <Checkbox
          id={`${id}-report`}
          checked={reportOnly}
          onChange={(event) => setReportOnly(event.target.checked)}
        />
        Report only: devices report a chain without a pin, and connect all the same
      </label>
      <PinReasonField value={reason} onChange={setReason} error={error} />
      {error?.code === 'pins_unsafe' || override ? (
        <label htmlFor={`${id}-override`} className="flex items-center gap-2.5">
          <Checkbox
            id={`${id}-override`}
            checked={override}
            onChange={(event) => setOverride(event.target.checked)}
          />
          Publish it all the same: I know that devices may be cut off
        </label>
      ) : null}
    </FormDialog>
  );
}

function problemOf(error: ApiError | undefined): string | undefined {
  const pins = error?.fields.pins;
  return pins === undefined ? problemBeside(error, ['reason']) : `The set ${pins}.`;
}
