import { DoorOpen } from 'lucide-react';
import Link from 'next/link';
import { percent } from '@/components/charts/plot-axes';
import { Card, CardHeader } from '@/components/ui/card';
import { formatCount, formatPercent, plural } from '@/components/ui/format';
import { EmptyState } from '@/components/ui/states';
import { VERDICT_STYLES, VerdictMark } from '@/components/ui/verdict-mark';
import type { Overview } from '@/lib/contracts';
import { outcomeWords } from './overview-words';
import { REQUESTS_ID } from './prepare-figures';

/** What gateways asked about requests, and what they were told. It is its own table form. */
export function RequestsCard({ requests, narrowed }: Pick<Overview, 'requests'> & { narrowed: boolean }) {
  const all = requests.reduce((sum, row) => sum + row.requests, 0);
  return (
    <Card id={REQUESTS_ID} aria-label="Requests at the API’s door" className="scroll-mt-16">
      <CardHeader
        title="Requests at the API’s door"
        {...(all === 0 ? {} : { note: plural(all, 'request') })}
      />
      {all === 0 ? (
        <EmptyState icon={DoorOpen} title="No gateway has asked in this period">
          <Link href="/apps" className="text-accent-text underline underline-offset-2">
            Put Countersign in front of an API
          </Link>
          : it begins by observing and refuses nothing.
        </EmptyState>
      ) : (
        <ul className="pb-2">
          {narrowed ? (
            <li className="px-4 pb-1.5 text-sm text-faint">
              Requests are counted by app; the other filters do not narrow them.
            </li>
          ) : null}
          {requests.map(({ outcome, requests: count }) => {
            const { label, meaning, mark } = outcomeWords(outcome);
            return (
              <li
                key={outcome}
                data-tooltip={meaning}
                className="grid min-h-7 grid-cols-[minmax(0,1fr)_minmax(3rem,4.5rem)_3.5rem_4rem] items-center gap-x-3 px-4"
              >
                <span className="flex min-w-0 items-center gap-2">
                  <VerdictMark verdict={mark} />
                  <span className="truncate">{label}</span>
                </span>
                <svg aria-hidden className="h-1.5 w-full">
                  <rect width="100%" height="100%" rx="3" className="fill-raised" />
                  <rect
                    width={percent(count / all)}
                    height="100%"
                    rx="3"
                    className={VERDICT_STYLES[mark].fill}
                  />
                </svg>
                <span className="text-right">{formatCount(count)}</span>
                <span className="text-right text-sm text-faint">{formatPercent(count / all)}</span>
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}
