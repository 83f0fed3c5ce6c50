'use client';

import { useId, useState } from 'react';
import { cx } from '@/components/ui/cx';
import { formatCount } from '@/components/ui/format';
import { Checkbox, Input } from '@/components/ui/input';
import { VerdictMark } from '@/components/ui/verdict-mark';
import { FACET_FOLD, type FacetOption, matchingOptions, shownOptions } from './prepare-facet';

/** One facet with its values, most frequent first. */
export interface FacetGroupData {
  facet: string;
  label: string;
  options: readonly FacetOption[];
  /** Whether values are identifiers or versions, shown in mono. */
  mono?: boolean;
}

export interface FacetGroupProps {
  group: FacetGroupData;
  selected: readonly string[];
  onToggle: (value: string) => void;
}

/** The values of one facet as checkboxes with counts. */
export function FacetGroup({ group, selected, onToggle }: FacetGroupProps) {
  const id = useId();
  const [unfolded, setUnfolded] = useState(false);
  const [search, setSearch] = useState('');
  const { shown, folded } =
    search.trim() === ''
      ? shownOptions(group.options, selected, unfolded)
      : { shown: matchingOptions(group.options, search), folded: 0 };
  return (
    <fieldset className="min-w-0">
      <legend className="pb-1 text-sm text-faint">{group.label}</legend>
      {group.options.length > FACET_FOLD ? (
        <Input
          type="search"
          aria-label={`Find in ${group.label}`}
          placeholder="Find…"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          className="mb-1 h-7 border-transparent bg-raised text-sm"
        />
      ) : null}
      {shown.length === 0 ? (
        <p className="text-sm text-faint">{search === '' ? 'None' : 'Nothing matches'}</p>
      ) : null}
      {shown.map((option) => (
        <label
          key={option.value}
          htmlFor={`${id}-${option.value}`}
          className="-mx-1.5 flex min-h-[27px] items-center gap-2 rounded-[5px] px-1.5 hover:bg-raised"
        >
          <Checkbox
            id={`${id}-${option.value}`}
            checked={selected.includes(option.value)}
            onChange={() => onToggle(option.value)}
          />
          {option.mark === undefined ? null : <VerdictMark verdict={option.mark} />}
          <span
            className={cx('min-w-0 flex-1 truncate', group.mono === true && 'font-mono text-sm')}
            data-tooltip={option.label === undefined ? undefined : option.value}
          >
            {option.label ?? (option.value === '' ? 'unknown' : option.value)}
          </span>
          <span className="text-sm text-faint">{option.countText ?? formatCount(option.count)}</span>
        </label>
      ))}
      {folded > 0 || (unfolded && search.trim() === '') ? (
        <button
          type="button"
          onClick={() => setUnfolded(!unfolded)}
          className="h-6 rounded-[4px] text-sm text-dim hover:text-ink"
        >
          {unfolded ? 'Show fewer' : `Show ${folded} more`}
        </button>
      ) : null}
    </fieldset>
  );
}
