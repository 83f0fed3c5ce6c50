'use client';

import { type FormEvent, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { plural } from '@/components/ui/format';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import { notify } from '@/components/ui/toast-queue';
import type { AppView, ArchiveSettings } from '@/lib/contracts';
import { useSetArchive } from './app-queries';
import { fieldError } from './field-errors';
import { FormSection } from './form-section';

export interface ArchiveFormProps {
  app: AppView;
  archive: ArchiveSettings;
  mayWrite: boolean;
  onSaved: (seq: number | null) => void;
}

const ABOUT =
  'Off unless you switch it on. Enrolments, and attestations that were not trusted, are kept as they arrived, sealed under a key that only the attestation service has. From them a verdict can be replayed.';

/** Whether raw evidence is kept, and for how long. */
export function ArchiveForm({ app, archive, mayWrite, onSaved }: ArchiveFormProps) {
  const [days, setDays] = useState(String(archive.archiveDays));
  const [reason, setReason] = useState('');
  const save = useSetArchive(app.id, (saved) => {
    notify({ tone: 'done', title: `The evidence archive of ${app.name} was set` });
    onSaved(saved.seq);
  });
  const error = save.error === null ? undefined : toApiError(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ basedOn: archive.revision, archiveDays: Number(days), reason });
  };
  return (
    <form method="post" onSubmit={submit} noValidate>
      <FormSection title="Evidence archive" description={ABOUT}>
        <p>
          {archive.archiveDays === 0
            ? 'Off: no raw evidence is kept.'
            : `Kept for ${plural(archive.archiveDays, 'day')}.`}
          {archive.oldestAt === null ? null : (
            <span className="text-dim">
              {' '}
              The oldest piece is of <Time at={archive.oldestAt} />.
            </span>
          )}
        </p>
        {mayWrite ? (
          <>
            <div className="grid items-start gap-4 sm:grid-cols-[10rem_minmax(0,1fr)]">
              <Field
                label="Keep for (days)"
                hint="0 to 400; 0 is off."
                error={fieldError(error?.fields ?? {}, { path: 'archiveDays', subject: 'This' })}
              >
                {(control) => (
                  <Input
                    {...control}
                    type="number"
                    inputMode="numeric"
                    min={0}
                    max={400}
                    value={days}
                    onChange={(event) => setDays(event.target.value)}
                  />
                )}
              </Field>
              <Field
                label="Reason"
                hint="Kept in the audit log."
                error={fieldError(error?.fields ?? {}, { path: 'reason', subject: 'The reason' })}
              >
                {(control) => (
                  <Input {...control} value={reason} onChange={(event) => setReason(event.target.value)} />
                )}
              </Field>
            </div>
            {error === undefined || Object.keys(error.fields).length > 0 ? null : (
              <Notice tone="rejected" lead="Nothing was saved.">
                {error.message}
              </Notice>
            )}
            <div className="flex justify-end">
              <Button
                type="submit"
                variant="primary"
                disabled={days === String(archive.archiveDays)}
                pending={save.isPending ? 'Saving…' : undefined}
              >
                Save
              </Button>
            </div>
          </>
        ) : null}
      </FormSection>
    </form>
  );
}
