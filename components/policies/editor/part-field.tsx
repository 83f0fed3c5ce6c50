'use client';

import { type ReactNode, useId } from 'react';
import { cx } from '@/components/ui/cx';
import { Checkbox, Input, Select } from '@/components/ui/input';
import { usePart } from './edit-context';
import { PartMarks } from './part-marks';

/** What a control of a part must be given. */
export interface PartControl {
  id: string;
  disabled: boolean;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

export interface PartRowProps {
  path: string;
  label: string;
  /** What it asks, and which threat is raised where it is missed. */
  hint?: ReactNode;
  children: (control: PartControl) => ReactNode;
}

/** One part of the policy: its name and marks at the left, its control at the right, what is wrong below. */
export function PartRow({ path, label, hint, children }: PartRowProps) {
  const id = useId();
  const { problem, isChanged, isReadOnly } = usePart(path);
  const describedBy = [
    problem === undefined ? [] : `${id}-error`,
    hint === undefined ? [] : `${id}-hint`,
  ].flat();
  return (
    <div
      className={cx(
        'grid items-start gap-x-6 gap-y-1.5 border-t px-4 py-2.5 sm:grid-cols-[minmax(0,1fr)_minmax(0,20rem)]',
        isChanged && 'tint-accent',
      )}
    >
      <div className="min-w-0">
        <span className="flex flex-wrap items-baseline gap-x-3">
          <label htmlFor={id} className="font-medium">
            {label}
          </label>
          <PartMarks path={path} />
        </span>
        {hint === undefined ? null : (
          <p id={`${id}-hint`} className="text-sm text-dim">
            {hint}
          </p>
        )}
      </div>
      <div className="grid gap-1.5">
        {children({
          id,
          disabled: isReadOnly,
          'aria-describedby': describedBy.length === 0 ? undefined : describedBy.join(' '),
          'aria-invalid': problem === undefined ? undefined : true,
        })}
        {problem === undefined ? null : (
          <p id={`${id}-error`} role="alert" className="text-sm text-rejected-text">
            {problem}
          </p>
        )}
      </div>
    </div>
  );
}

/**
 * What was typed into a field for a number: the number, or else the text as it is. The text goes to the server, which
 * refuses it with its reason: nothing that was mistyped may come to mean "none".
 */
export function typedNumber(text: string): number | string {
  return /^-?\d+$/.test(text.trim()) ? Number(text) : text;
}

export interface NumberControlProps {
  control: PartControl;
  value: unknown;
  unit?: string | undefined;
  onType: (value: number | string) => void;
  onLeave: () => void;
}

/** A field for a number, with its unit. */
export function NumberControl({ control, value, unit, onType, onLeave }: NumberControlProps) {
  return (
    <span className="flex items-center gap-2">
      <Input
        {...control}
        inputMode="numeric"
        className="max-w-32"
        value={String(value ?? '')}
        onChange={(event) => onType(typedNumber(event.target.value))}
        onBlur={onLeave}
      />
      {unit === undefined ? null : <span className="text-sm text-dim">{unit}</span>}
    </span>
  );
}

export interface OptionalNumberRowProps extends Omit<PartRowProps, 'children'> {
  unit?: string | ((value: number) => string);
  /** What the checkbox says: "Limit it". */
  toggle: string;
  /** What it is where somebody begins to ask for it. */
  initial: number;
  /** What stands there where nothing is asked; absent members are taken away. */
  none: null | undefined;
}

/** A number that need not be asked for. */
export function OptionalNumberRow({ unit, toggle, initial, none, ...row }: OptionalNumberRowProps) {
  const { value, set, settle } = usePart(row.path);
  const isAsked = value !== null && value !== undefined;
  const shownUnit = typeof unit === 'function' ? (typeof value === 'number' ? unit(value) : '') : unit;
  return (
    <PartRow {...row}>
      {(control) => (
        <span className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1.5">
          <label htmlFor={`${control.id}-asked`} className="flex items-center gap-2">
            <Checkbox
              id={`${control.id}-asked`}
              disabled={control.disabled}
              checked={isAsked}
              onChange={(event) => set(event.target.checked ? initial : none)}
            />
            {toggle}
          </label>
          {isAsked ? (
            <NumberControl
              control={control}
              value={value}
              unit={shownUnit}
              onType={(next) => set(next, true)}
              onLeave={settle}
            />
          ) : null}
        </span>
      )}
    </PartRow>
  );
}

/** A part that is asked for or not. */
export function SwitchRow({ says, ...row }: Omit<PartRowProps, 'children'> & { says: string }) {
  const { value, set } = usePart(row.path);
  return (
    <PartRow {...row}>
      {(control) => (
        <span className="flex min-h-8 items-center gap-2">
          <Checkbox {...control} checked={value === true} onChange={(event) => set(event.target.checked)} />
          <span className="text-dim">{says}</span>
        </span>
      )}
    </PartRow>
  );
}

/** A part that is one of a few. */
export function SelectRow({
  choices,
  ...row
}: Omit<PartRowProps, 'children'> & { choices: readonly { value: string; label: string }[] }) {
  const { value, set } = usePart(row.path);
  return (
    <PartRow {...row}>
      {(control) => (
        <Select {...control} value={String(value)} onChange={(event) => set(event.target.value)}>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </Select>
      )}
    </PartRow>
  );
}
