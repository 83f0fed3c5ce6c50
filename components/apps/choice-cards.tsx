'use client';

import { type ReactNode, useId } from 'react';
import { cx } from '@/components/ui/cx';

export interface Choice<Value extends string> {
  value: Value;
  label: string;
  description: ReactNode;
}

export interface ChoiceCardsProps<Value extends string> {
  legend: string;
  choices: readonly Choice<Value>[];
  value: Value;
  onChange: (value: Value) => void;
  error?: string | undefined;
  /** Side by side from the small screen on. */
  columns?: 2 | 3;
}

const COLUMNS = { 2: 'sm:grid-cols-2', 3: 'sm:grid-cols-3' } as const;

/** Exactly one of a few choices, each with what it means. */
export function ChoiceCards<Value extends string>(props: ChoiceCardsProps<Value>) {
  const { legend, choices, value, onChange, error, columns = 2 } = props;
  const name = useId();
  return (
    <fieldset className="grid gap-1" aria-describedby={error === undefined ? undefined : `${name}-error`}>
      <legend className="mb-1 text-sm font-medium text-dim">{legend}</legend>
      <div className={cx('grid gap-2', COLUMNS[columns])}>
        {choices.map((choice) => (
          <label
            key={choice.value}
            className={cx(
              'flex cursor-pointer items-start gap-2.5 rounded-control border p-3 transition-colors hover:border-edge',
              'has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2',
              choice.value === value ? 'tint-accent border-accent' : 'border-edge/60',
            )}
          >
            <input
              type="radio"
              name={name}
              value={choice.value}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
              className="mt-[3px] size-3.5 shrink-0 outline-none"
            />
            <span className="grid gap-0.5">
              <span className="font-medium">{choice.label}</span>
              <span className="text-sm text-dim">{choice.description}</span>
            </span>
          </label>
        ))}
      </div>
      {error === undefined ? null : (
        <p id={`${name}-error`} role="alert" className="text-sm text-rejected-text">
          {error}
        </p>
      )}
    </fieldset>
  );
}
