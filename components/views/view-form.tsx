'use client';

import { type FormEvent, type ReactNode, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { LabelledCheckbox } from './labelled-checkbox';

const MAX_LENGTH = 60;
const CONFLICT = 409;

export interface ViewFormProps {
  /** Name of the form for assistive technology. */
  label: string;
  name: string;
  shared: boolean;
  /** What the button says, and what it says while it happens. */
  act: string;
  actPending: string;
  pending: boolean;
  error: Error | null;
  onSubmit: (given: { name: string; shared: boolean }) => void;
  onCancel: () => void;
  /** Further choices. */
  children?: ReactNode;
}

/** Name of a view, and who sees it. */
export function ViewForm(props: ViewFormProps) {
  const [name, setName] = useState(props.name);
  const [shared, setShared] = useState(props.shared);
  const [complaint, setComplaint] = useState<string>();
  const { aboutName, other } = partError(props.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = name.trim();
    if (given === '') setComplaint('Give it a name.');
    else props.onSubmit({ name: given, shared });
  };
  return (
    <form aria-label={props.label} onSubmit={submit} noValidate className="grid gap-2 px-2 pt-1.5 pb-1.5">
      <Field label="Name" error={complaint ?? aboutName}>
        {(control) => (
          <Input
            {...control}
            autoFocus
            autoComplete="off"
            maxLength={MAX_LENGTH}
            value={name}
            onChange={(event) => {
              setName(event.target.value);
              setComplaint(undefined);
            }}
          />
        )}
      </Field>
      <LabelledCheckbox label="Share it with everybody" checked={shared} onChange={setShared} />
      {props.children}
      {other === undefined ? null : (
        <p role="alert" className="text-rejected-text text-sm">
          {other}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button size="sm" variant="ghost" disabled={props.pending} onClick={props.onCancel}>
          Cancel
        </Button>
        <Button
          size="sm"
          type="submit"
          variant="primary"
          pending={props.pending ? props.actPending : undefined}
        >
          {props.act}
        </Button>
      </div>
    </form>
  );
}

/** A name that is taken, or that the server refuses, is said at the name; everything else below. */
function partError(error: Error | null): { aboutName?: string | undefined; other?: string | undefined } {
  if (error === null) return {};
  const { status, message, fields } = toApiError(error);
  if (status === CONFLICT) return { aboutName: message };
  return fields.name === undefined
    ? { other: Object.values(fields)[0] ?? message }
    : { aboutName: fields.name };
}
