'use client';

import { type FormEvent, useId, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { plural } from '@/components/ui/format';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { BlockImported } from '@/lib/contracts';
import { incidentOf } from './decision-draft';
import { useImport } from './decision-queries';
import { IncidentField } from './incident-field';

/** What the server takes at once. */
const MOST_BYTES = 60_000;

export interface ImportDialogProps {
  onClose: () => void;
  onImported: (made: BlockImported) => void;
}

/** Takes a list of blocks from a file: all of it, or nothing. */
export default function ImportDialog({ onClose, onImported }: ImportDialogProps) {
  const formId = useId();
  const [csv, setCsv] = useState<string>();
  const [reason, setReason] = useState('');
  const [incident, setIncident] = useState('');
  const [complaint, setComplaint] = useState<string>();
  const load = useImport();
  const error = load.error === null ? undefined : toApiError(load.error);
  const lines = csv === undefined ? 0 : csv.split('\n').filter((line) => line.trim() !== '').length - 1;
  const read = async (file: File | undefined) => {
    setCsv(undefined);
    load.reset();
    setComplaint(file !== undefined && file.size > MOST_BYTES ? 'The file is larger than 60 kB.' : undefined);
    if (file !== undefined && file.size <= MOST_BYTES) setCsv(await file.text());
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (csv === undefined) setComplaint('Choose a file.');
    else {
      load.mutate(
        { csv, reason: reason.trim(), incident: incidentOf(incident) },
        { onSuccess: (made) => onImported(made) },
      );
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Import a list"
      description="CSV with the columns scope, target, app, effect, reason, incident, owner and expires_at; only the first two are needed."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={formId}
            variant="danger"
            pending={load.isPending ? 'Importing…' : undefined}
          >
            {lines > 0 ? `Put ${plural(lines, 'line')} in force` : 'Import'}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        <Field label="File" hint="At most 1,000 lines. All of it is taken, or nothing." error={complaint}>
          {(control) => (
            <Input
              {...control}
              type="file"
              accept=".csv,text/csv"
              className="py-1"
              onChange={(event) => void read(event.target.files?.[0])}
            />
          )}
        </Field>
        <Field label="Reason" hint="For every line that has none of its own. Kept in the audit log.">
          {(control) => (
            <Input
              {...control}
              required
              minLength={3}
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <IncidentField value={incident} onChange={setIncident} error={error?.fields.incident} />
        {error === undefined ? null : <ImportProblem message={error.message} fields={error.fields} />}
      </form>
    </Dialog>
  );
}

function ImportProblem({ message, fields }: { message: string; fields: Readonly<Record<string, string>> }) {
  return (
    <div className="grid gap-2">
      <Notice tone="rejected">{message}</Notice>
      <ul className="list-disc pl-6 text-sm">
        {Object.entries(fields).map(([field, what]) => (
          <li key={field}>
            {field.replace(/^line/, 'Line ')}: {what}
          </li>
        ))}
      </ul>
    </div>
  );
}
