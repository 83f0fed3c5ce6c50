'use client';

import Link from 'next/link';
import { type FilterState, filterState, greatestAndChosen } from '@/components/charts/filter-state';
import { ASIDE, FilterToggle, NUMBER_LINK, WHOLE_ROW } from '@/components/charts/filter-toggle';
import { percent } from '@/components/charts/plot-axes';
import { MANY_REJECTED } from '@/components/charts/world-map/prepare-world-map';
import { cx } from '@/components/ui/cx';
import { formatCount, formatPercent } from '@/components/ui/format';

/** Attestations from one country or kind of network. */
export interface Origin {
  id: string;
  label: string;
  /** What the label means, where it is not plain. */
  meaning?: string;
  events: number;
  rejected: number;
  /** The attestations that were counted. */
  href: string;
}

export interface OriginListProps {
  origins: readonly Origin[];
  /** How many of the greatest are shown, besides those that the page is filtered by. */
  count: number;
  /** Name of the list for assistive technology. */
  label: string;
  /** Ids of the origins that the page is filtered by. */
  selected: readonly string[];
  onToggle: (id: string) => void;
}

/**
 * Where attestations come from, most first; the red part of a bar was rejected. A row filters the page, its number leads
 * to what was counted.
 */
export function OriginList({ origins, count, label, selected, onToggle }: OriginListProps) {
  const sorted = origins.toSorted((a, b) => b.events - a.events);
  const shown = greatestAndChosen(sorted, count, selected);
  const most = shown[0]?.events ?? 1;
  return (
    <ol aria-label={label} className="pb-2">
      {shown.map((origin) => (
        <OriginRow
          key={origin.id}
          origin={origin}
          most={most}
          state={filterState(selected, origin.id)}
          onToggle={() => onToggle(origin.id)}
        />
      ))}
    </ol>
  );
}

interface OriginRowProps {
  origin: Origin;
  most: number;
  state: FilterState;
  onToggle: () => void;
}

function OriginRow({ origin, most, state, onToggle }: OriginRowProps) {
  const { label, meaning, events, rejected, href } = origin;
  const share = events === 0 ? 0 : rejected / events;
  return (
    <li className="relative grid min-h-7 grid-cols-[minmax(0,1fr)_minmax(2.5rem,4rem)_3.25rem_3.25rem] items-center gap-x-2 px-4 hover:bg-raised">
      <FilterToggle
        state={state}
        onToggle={onToggle}
        name={meaning === undefined ? label : `${label}: ${meaning}`}
        className={cx('truncate text-left', WHOLE_ROW)}
      >
        {label}
      </FilterToggle>
      <svg aria-hidden className={cx('h-1.5 w-full', state === 'aside' && 'opacity-40')}>
        <rect width="100%" height="100%" rx="3" className="fill-raised" />
        <rect width={percent(events / most)} height="100%" rx="3" className="fill-edge" />
        <rect width={percent(rejected / most)} height="100%" rx="3" className="fill-rejected" />
      </svg>
      <Link
        prefetch={false}
        href={href}
        data-tooltip="See these attestations"
        className={cx(NUMBER_LINK, state === 'aside' && ASIDE)}
      >
        {formatCount(events)}
        <span className="sr-only"> attestations, {label}</span>
      </Link>
      <span
        className={cx(
          'text-right text-sm',
          share >= MANY_REJECTED && state !== 'aside' ? 'text-rejected-text' : 'text-faint',
        )}
      >
        {formatPercent(share)}
        <span className="sr-only"> rejected</span>
      </span>
    </li>
  );
}
