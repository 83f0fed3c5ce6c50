'use client';

import { Select } from '@/components/ui/input';
import { EFFECT_LABELS, ORIGIN_LABELS, SCOPE_WORDS, SCOPES } from './block-words';
import type { BlockFilterControl } from './use-block-filter';

const SCOPE_OPTIONS = SCOPES.map((scope): [string, string] => [scope, SCOPE_WORDS[scope].label]);

/** What the list shows: what is in force, of which kind, and who decided. */
export function BlockFilters({ control }: { control: BlockFilterControl }) {
  const { filter, setState, setScope, setEffect, setOrigin } = control;
  return (
    <div className="grid grow grid-cols-2 gap-2 sm:flex sm:flex-wrap">
      <Select
        aria-label="State"
        value={filter.state}
        onChange={(event) => setState(event.target.value === 'active' ? null : event.target.value)}
        className="sm:w-40"
      >
        <option value="active">In force</option>
        <option value="ended">Ended</option>
        <option value="all">In force and ended</option>
      </Select>
      <Choice
        label="Kind"
        all="Every kind"
        options={Object.entries(EFFECT_LABELS)}
        value={filter.effect}
        onChange={setEffect}
      />
      <Choice
        label="Scope"
        all="Every scope"
        options={SCOPE_OPTIONS}
        value={filter.scope}
        onChange={setScope}
      />
      <Choice
        label="Origin"
        all="Every origin"
        options={Object.entries(ORIGIN_LABELS)}
        value={filter.origin}
        onChange={setOrigin}
      />
    </div>
  );
}

interface ChoiceProps {
  label: string;
  all: string;
  options: readonly [string, string][];
  value: string | null;
  onChange: (value: string | null) => void;
}

function Choice({ label, all, options, value, onChange }: ChoiceProps) {
  return (
    <Select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
      className="sm:w-44"
    >
      <option value="">{all}</option>
      {options.map(([id, text]) => (
        <option key={id} value={id}>
          {text}
        </option>
      ))}
    </Select>
  );
}
