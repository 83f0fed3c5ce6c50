'use client';

import { useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';
import type { Pin } from '@/lib/contracts';
import { useReadPins } from './certificate-queries';
import { commonName } from './certificate-words';

/** Longest label of a pin. */
const LABEL_LENGTH = 80;

/** Takes pins from a pasted certificate, request, public key or digest; what was pasted is not kept. */
export function PinImport({ label, onRead }: { label: string; onRead: (pins: readonly Pin[]) => void }) {
  const [material, setMaterial] = useState('');
  const read = useReadPins();
  const error = read.error === null ? undefined : toApiError(read.error).message;
  return (
    <div className="grid gap-2">
      <Field
        label={label}
        hint="Paste a PEM certificate, certificate request or public key, or a pin. Never a private key."
        error={error}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            spellCheck={false}
            autoComplete="off"
            className="font-mono text-sm"
            value={material}
            onChange={(event) => {
              setMaterial(event.target.value);
              read.reset();
            }}
          />
        )}
      </Field>
      <Button
        size="sm"
        className="justify-self-start"
        disabled={material.trim() === ''}
        pending={read.isPending ? 'Reading…' : undefined}
        onClick={() =>
          read.mutate(material, {
            onSettled: () => setMaterial(''),
            onSuccess: ({ keys }) =>
              onRead(
                keys.map(({ spkiSha256, source, subject }) => ({
                  spkiSha256,
                  source,
                  label: subject === null ? '' : commonName(subject).slice(0, LABEL_LENGTH),
                })),
              ),
          })
        }
      >
        Read the pin
      </Button>
    </div>
  );
}
