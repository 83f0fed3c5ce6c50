'use client';

import type { ReactNode } from 'react';
import { cx } from '@/components/ui/cx';
import type { FilterState } from './filter-state';

export interface FilterToggleProps {
  state: FilterState;
  onToggle: () => void;
  /** What it filters by, for its tooltip: "Germany". */
  name: string;
  className?: string;
  children: ReactNode;
}

const ACTS: Readonly<Record<FilterState, string>> = {
  open: 'Show only',
  chosen: 'Take off the filter by',
  aside: 'Show as well',
};

/** A label that filters the page by what it names, besides what is chosen already, and takes the filter off again. */
export function FilterToggle({ state, onToggle, name, className, children }: FilterToggleProps) {
  return (
    <button
      type="button"
      aria-pressed={state === 'chosen'}
      data-tooltip={`${ACTS[state]} ${name}`}
      onClick={onToggle}
      className={cx(
        state === 'chosen' && 'font-medium text-accent-text',
        state === 'aside' && ASIDE,
        className,
      )}
    >
      {children}
    </button>
  );
}

/** Text of what is not chosen while others are. */
export const ASIDE = 'text-faint';

/** Where a number leads: the rows that it counts. It stands above the row's own press. */
export const NUMBER_LINK =
  'relative z-1 flex h-6 items-center justify-end rounded-[4px] underline-offset-2 hover:text-accent-text hover:underline';

/** Makes the press of a row's label reach over the whole row, which must be `relative`. */
export const WHOLE_ROW =
  'after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2';
