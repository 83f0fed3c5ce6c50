'use client';

import { useQuery } from '@tanstack/react-query';
import { GitCompareArrows } from 'lucide-react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { cx } from '@/components/ui/cx';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import type { Comparison } from '@/lib/contracts';
import { ComparedTable } from './compared-table';
import type { OverviewView } from './overview-links';
import { comparisonQuery } from './overview-queries';
import { compareFigures, compareThreats } from './prepare-comparison';
import { useCardRefetch } from './use-card-refetch';
import type { ComparisonControl } from './use-comparison';
import { VersionPickers } from './version-pickers';

const SHOWN_THREATS = 6;

export interface ComparisonCardProps {
  view: OverviewView;
  control: ComparisonControl;
}

/** Two periods or two app versions side by side: figures, verdicts, threats, and what differs. */
export function ComparisonCard({ view, control }: ComparisonCardProps) {
  const query = useQuery({
    ...comparisonQuery(view, control.chosen),
    refetchInterval: useCardRefetch(view),
  });
  return (
    <Card aria-label="Comparison" className="overflow-hidden">
      <CardHeader title="Comparison">
        {control.by === 'appVersion' ? <VersionPickers control={control} /> : null}
        <Button size="sm" variant="ghost" onClick={() => control.compare(null)}>
          End comparison
        </Button>
      </CardHeader>
      {control.chosen === null ? (
        <EmptyState icon={GitCompareArrows} title="There are no two app versions to compare">
          Choose a longer period above, or take a filter off.
        </EmptyState>
      ) : query.data === undefined ? (
        query.isError ? (
          <ErrorState
            title="The comparison could not be loaded"
            error={toApiError(query.error)}
            onRetry={() => void query.refetch()}
          />
        ) : (
          <SkeletonRows label="Loading the comparison…" />
        )
      ) : (
        <Sides comparison={query.data} stale={query.isPlaceholderData} />
      )}
    </Card>
  );
}

function Sides({ comparison, stale }: { comparison: Comparison; stale: boolean }) {
  const { a, b, threats } = comparison;
  return (
    <div className={cx('grid items-start lg:grid-cols-2', stale && 'opacity-60')}>
      <ComparedTable
        label="Figures of both sides"
        heading="Figure"
        a={a.label}
        b={b.label}
        rows={compareFigures(comparison)}
      />
      {threats.length === 0 ? (
        <p className="px-4 py-6 text-dim">No threat decided an attestation on either side.</p>
      ) : (
        <ComparedTable
          label="Threats of both sides, % of attestations"
          heading="Threat, % of attestations"
          a={a.label}
          b={b.label}
          rows={compareThreats(comparison, SHOWN_THREATS)}
        />
      )}
    </div>
  );
}
