'use client';

import type { ReactNode } from 'react';
import { cx } from '@/components/ui/cx';

export interface FilterToggleProps {
  /** Whether the page is filtered by it. */
  pressed: boolean;
  onToggle: () => void;
  /** What it filters by, for its tooltip: "Germany". */
  name: string;
  className?: string;
  children: ReactNode;
}

/** A label that filters the page by what it names, and takes the filter off again. */
export function FilterToggle({ pressed, onToggle, name, className, children }: FilterToggleProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      data-tooltip={pressed ? `Take off the filter by ${name}` : `Show only ${name}`}
      onClick={onToggle}
      className={cx(pressed && 'font-medium text-accent-text', className)}
    >
      {children}
    </button>
  );
}

/** Where a number leads: the rows that it counts. It stands above the row's own press. */
export const NUMBER_LINK =
  'relative z-1 flex h-6 items-center justify-end rounded-[4px] underline-offset-2 hover:text-accent-text hover:underline';

/** Makes the press of a row's label reach over the whole row, which must be `relative`. */
export const WHOLE_ROW =
  'after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2';
