'use client';

import { type ReactNode, useId } from 'react';
import { Checkbox, Input } from '@/components/ui/input';
import { useEdit } from './edit-context';
import { typedNumber } from './part-field';

export interface NullableNumberProps {
  label: string;
  value: number | null;
  initial: number;
  /** What is no number is passed on as it was typed, for the server to refuse. */
  onChange: (value: number | null, typing: boolean) => void;
}

/** A number that need not be asked for. */
export function NullableNumber({ label, value, initial, onChange }: NullableNumberProps) {
  const id = useId();
  const { isReadOnly, settle } = useEdit();
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-2">
      <label htmlFor={`${id}-asked`} className="flex items-center gap-2">
        <Checkbox
          id={`${id}-asked`}
          disabled={isReadOnly}
          checked={value !== null}
          onChange={(event) => onChange(event.target.checked ? initial : null, false)}
        />
        {label}
      </label>
      {value === null ? null : (
        <Input
          id={id}
          aria-label={label}
          inputMode="numeric"
          disabled={isReadOnly}
          className="max-w-20"
          value={String(value)}
          onChange={(event) => onChange(typedNumber(event.target.value) as number, true)}
          onBlur={settle}
        />
      )}
    </div>
  );
}

export interface ListedFieldProps<Choice extends string> {
  legend: string;
  hint: ReactNode;
  choices: readonly Choice[];
  /** `null`: it is not asked. */
  chosen: readonly Choice[] | null;
  /** Where not to ask is something other than to choose none. */
  toggle?: { label: string; initial: readonly Choice[] };
  onChange: (chosen: readonly Choice[] | null) => void;
}

/** Any number of Google's values. */
export function ListedField<Choice extends string>(props: ListedFieldProps<Choice>) {
  const { legend, hint, choices, chosen, toggle, onChange } = props;
  const id = useId();
  const { isReadOnly } = useEdit();
  return (
    <fieldset className="grid content-start gap-1.5" disabled={isReadOnly}>
      <legend className="mb-1 text-sm font-medium text-dim">{legend}</legend>
      {toggle === undefined ? null : (
        <label htmlFor={id} className="flex items-center gap-2">
          <Checkbox
            id={id}
            checked={chosen !== null}
            onChange={(event) => onChange(event.target.checked ? toggle.initial : null)}
          />
          {toggle.label}
        </label>
      )}
      {chosen === null
        ? null
        : choices.map((choice) => (
            <label key={choice} htmlFor={`${id}-${choice}`} className="flex items-center gap-2">
              <Checkbox
                id={`${id}-${choice}`}
                checked={chosen.includes(choice)}
                onChange={(event) =>
                  onChange(
                    choices.filter((one) => (one === choice ? event.target.checked : chosen.includes(one))),
                  )
                }
              />
              <code className="font-mono text-sm">{choice}</code>
            </label>
          ))}
      <p className="text-sm text-faint">{hint}</p>
    </fieldset>
  );
}
