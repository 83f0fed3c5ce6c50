'use client';

import { type ReactNode, useId } from 'react';
import { Checkbox } from './input';

export interface CheckListProps {
  legend: string;
  choices: readonly { id: string; name: string }[];
  chosen: readonly string[];
  onChange: (ids: readonly string[]) => void;
  /** What stands there where there is nothing to choose. */
  none?: string;
  hint?: ReactNode;
  error?: string | undefined;
}

/** Things with an id of which any number can be chosen. */
export function CheckList({ legend, choices, chosen, onChange, none, hint, error }: CheckListProps) {
  const groupId = useId();
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1 text-sm font-medium text-dim">{legend}</legend>
      {choices.length === 0 && none !== undefined ? <p className="text-dim">{none}</p> : null}
      {choices.map(({ id, name }) => (
        <label key={id} htmlFor={`${groupId}-${id}`} className="flex items-center gap-2.5">
          <Checkbox
            id={`${groupId}-${id}`}
            checked={chosen.includes(id)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))
            }
          />
          {name} <code className="font-mono text-sm text-faint">{id}</code>
        </label>
      ))}
      {hint === undefined ? null : <p className="text-sm text-faint">{hint}</p>}
      {error === undefined ? null : (
        <p role="alert" className="text-sm text-rejected-text">
          {error}
        </p>
      )}
    </fieldset>
  );
}
