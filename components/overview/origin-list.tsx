import Link from 'next/link';
import { percent } from '@/components/charts/plot-axes';
import { cx } from '@/components/ui/cx';
import { formatCount, formatPercent } from '@/components/ui/format';

/** A share of rejected attestations that stands out. */
const MANY_REJECTED = 0.1;

/** Attestations from one country or kind of network. */
export interface Origin {
  id: string;
  label: string;
  events: number;
  rejected: number;
  href: string;
}

export interface OriginListProps {
  origins: readonly Origin[];
  /** How many of the greatest are shown. */
  count: number;
  /** Name of the list for assistive technology. */
  label: string;
}

/** Where attestations come from, most first; the red part of a bar was rejected. Each row links to what was counted. */
export function OriginList({ origins, count, label }: OriginListProps) {
  const shown = origins.toSorted((a, b) => b.events - a.events).slice(0, count);
  const most = shown[0]?.events ?? 1;
  return (
    <ol aria-label={label} className="pb-2">
      {shown.map((origin) => {
        const share = origin.events === 0 ? 0 : origin.rejected / origin.events;
        return (
          <li key={origin.id}>
            <Link
              prefetch={false}
              href={origin.href}
              className="grid min-h-7 grid-cols-[minmax(0,1fr)_minmax(3rem,5.5rem)_3.5rem_4rem] items-center gap-x-3 px-4 hover:bg-raised focus-visible:outline-offset-[-2px]"
            >
              <span className="truncate">{origin.label}</span>
              <svg aria-hidden className="h-1.5 w-full">
                <rect width="100%" height="100%" rx="3" className="fill-raised" />
                <rect width={percent(origin.events / most)} height="100%" rx="3" className="fill-edge" />
                <rect
                  width={percent(origin.rejected / most)}
                  height="100%"
                  rx="3"
                  className="fill-rejected"
                />
              </svg>
              <span className="text-right">{formatCount(origin.events)}</span>
              <span
                className={cx(
                  'text-right text-sm',
                  share >= MANY_REJECTED ? 'text-rejected-text' : 'text-faint',
                )}
              >
                {formatPercent(share)}
                <span className="sr-only"> rejected</span>
              </span>
            </Link>
          </li>
        );
      })}
    </ol>
  );
}
