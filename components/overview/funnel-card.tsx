'use client';

import { useQuery } from '@tanstack/react-query';
import { Filter } from 'lucide-react';
import Link from 'next/link';
import { NUMBER_LINK } from '@/components/charts/filter-toggle';
import { percent } from '@/components/charts/plot-axes';
import { toApiError } from '@/components/query/api-error';
import { Card, CardHeader } from '@/components/ui/card';
import { formatCount } from '@/components/ui/format';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import type { OverviewView } from './overview-links';
import { funnelQuery } from './overview-queries';
import { type FunnelStep, prepareFunnel } from './prepare-funnel';
import { useCardRefetch } from './use-card-refetch';

/** How many get from a challenge to an accepted request. It is its own table form. */
export function FunnelCard({ view }: { view: OverviewView }) {
  const query = useQuery({ ...funnelQuery(view), refetchInterval: useCardRefetch(view) });
  if (query.data === undefined) {
    return (
      <Card aria-label="Funnel">
        {query.isError ? (
          <ErrorState
            title="The funnel could not be loaded"
            error={toApiError(query.error)}
            onRetry={() => void query.refetch()}
          />
        ) : (
          <SkeletonRows label="Loading the funnel…" />
        )}
      </Card>
    );
  }
  const steps = prepareFunnel(query.data, view);
  return (
    <Card aria-label="Funnel">
      <CardHeader title="Funnel" note="from challenge to accepted request" />
      {steps.every(({ count }) => count === null || count === 0) ? (
        <EmptyState icon={Filter} title="Nothing asked for a challenge in this period">
          Choose a longer period above: an app’s first step is to fetch a challenge.
        </EmptyState>
      ) : (
        <ol aria-label="Stages from challenge to accepted request" className="pb-3">
          {steps.map((step) => (
            <FunnelRow key={step.stage} step={step} />
          ))}
        </ol>
      )}
    </Card>
  );
}

function FunnelRow({ step }: { step: FunnelStep }) {
  const { label, meaning, count, length, share, href } = step;
  return (
    <li
      data-tooltip={meaning}
      className="grid min-h-9 grid-cols-[minmax(5.5rem,9.5rem)_minmax(3rem,1fr)_4rem_4rem] items-center gap-x-3 px-4"
    >
      <span className="truncate">{label}</span>
      <svg aria-hidden className="h-4 w-full">
        <rect width="100%" height="100%" rx="3" className="fill-raised" />
        <rect width={percent(length)} height="100%" rx="3" className={step.fill} />
      </svg>
      {count === null ? (
        <span
          data-tooltip="Not counted under these filters"
          className="col-span-2 text-right text-sm whitespace-nowrap text-faint"
        >
          not counted
        </span>
      ) : (
        <>
          <Link prefetch={false} href={href} data-tooltip="See what was counted" className={NUMBER_LINK}>
            {formatCount(count)}
            <span className="sr-only"> {label}</span>
          </Link>
          <span className="text-right text-sm text-faint">{share}</span>
        </>
      )}
    </li>
  );
}
