'use client';

import Link from 'next/link';
import { cx } from '@/components/ui/cx';
import { formatCount } from '@/components/ui/format';
import { type MarkedVerdict, VERDICT_STYLES } from '@/components/ui/verdict-mark';
import { filterState } from './filter-state';
import { ASIDE, FilterToggle, NUMBER_LINK, WHOLE_ROW } from './filter-toggle';
import { percent } from './plot-axes';
import { type BarItem, type PreparedBar, prepareBars } from './prepare-bars';

export interface BarListProps {
  items: readonly BarItem[];
  /** Colour of the bars. */
  tone?: MarkedVerdict | ((item: BarItem) => MarkedVerdict);
  /** How many of the greatest are shown. */
  count?: number;
  /** Name of the list for assistive technology: "Top threats by attestations". */
  label: string;
  /** Ids of the items that the page is filtered by. */
  selected: readonly string[];
  onToggle: (id: string) => void;
}

/** Ranked counts as bars. A row filters the page, its number leads to what was counted; it is its own table form. */
export function BarList({ items, tone = 'rejected', count = 6, label, selected, onToggle }: BarListProps) {
  return (
    <ol aria-label={label} className="pb-2">
      {prepareBars(items, count, selected).map((bar) => {
        const state = filterState(selected, bar.id);
        return (
          <li
            key={bar.id}
            className="relative grid min-h-7 grid-cols-[minmax(0,1fr)_4rem_3.5rem] items-center gap-x-3 px-4 hover:bg-raised sm:grid-cols-[minmax(0,1fr)_minmax(3rem,6.5rem)_4rem_3.75rem]"
          >
            <FilterToggle
              state={state}
              onToggle={() => onToggle(bar.id)}
              name={bar.label}
              className={cx('text-left', WHOLE_ROW)}
            >
              {/* One line high: a code that does not fit beside the label wraps out of sight. */}
              <span className="flex h-5 min-w-0 flex-wrap items-baseline gap-x-3 overflow-hidden">
                <span className="max-w-full truncate">{bar.label}</span>
                {bar.code === undefined ? null : (
                  <code className="font-mono text-sm text-faint max-lg:hidden">{bar.code}</code>
                )}
              </span>
            </FilterToggle>
            <Bar
              bar={bar}
              verdict={typeof tone === 'function' ? tone(bar) : tone}
              faded={state === 'aside'}
            />
            <Link
              prefetch={false}
              href={bar.href}
              data-tooltip="See these attestations"
              className={cx(NUMBER_LINK, state === 'aside' && ASIDE)}
            >
              {formatCount(bar.value)}
              <span className="sr-only"> attestations, {bar.label}</span>
            </Link>
            <span
              className={cx(
                'text-right text-sm',
                bar.rising && state !== 'aside' ? 'text-rejected-text' : 'text-faint',
              )}
            >
              {bar.change ?? ''}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function Bar({ bar, verdict, faded }: { bar: PreparedBar; verdict: MarkedVerdict; faded: boolean }) {
  return (
    <svg aria-hidden className={cx('h-1.5 w-full max-sm:hidden', faded && 'opacity-40')}>
      <rect width="100%" height="100%" rx="3" className="fill-raised" />
      <rect width={percent(bar.length)} height="100%" rx="3" className={VERDICT_STYLES[verdict].fill} />
    </svg>
  );
}
