'use client';

import { useQuery } from '@tanstack/react-query';
import { ChartCard } from '@/components/charts/chart-card';
import { Histogram } from '@/components/charts/histogram';
import { prepareVerdicts } from '@/components/charts/prepare-verdicts';
import { bucketLabel } from '@/components/charts/scale';
import { VerdictLegend } from '@/components/charts/verdict-legend';
import { VerdictTable } from '@/components/charts/verdict-table';
import { toApiError } from '@/components/query/api-error';
import { Card } from '@/components/ui/card';
import { formatCount } from '@/components/ui/format';
import { ErrorState } from '@/components/ui/states';
import { VERDICT_ORDER } from '@/components/ui/verdict-mark';
import type { VerdictSeries } from '@/lib/contracts';
import { FIGURES_EVERY_MS, histogramQuery } from './attestation-queries';
import { HistogramSkeleton } from './histogram-skeleton';
import type { FilterControl } from './use-attestation-filter';

export interface AttestationHistogramProps {
  control: FilterControl;
  live: boolean;
}

/** How the attestations are spread over the period; dragging over it zooms the page. */
export function AttestationHistogram({ control, live }: AttestationHistogramProps) {
  const query = useQuery({
    ...histogramQuery(control.filter),
    refetchInterval: live ? FIGURES_EVERY_MS : false,
  });
  const { data } = query;
  if (data === undefined) {
    return (
      <Card aria-label="Attestations over time">
        {query.isError ? (
          <ErrorState
            title="The distribution over time could not be loaded"
            error={toApiError(query.error)}
            onRetry={() => void query.refetch()}
          />
        ) : (
          <HistogramSkeleton />
        )}
      </Card>
    );
  }
  const unit = bucketLabel(data.bucketSeconds);
  return (
    <ChartCard
      title={`${formatCount(totalOf(data))} attestations`}
      legend={
        <div className="max-sm:hidden">
          <VerdictLegend />
        </div>
      }
      note={
        <>
          <span className="max-sm:hidden">drag to zoom · </span>
          {unit}
        </>
      }
      chart={<Histogram series={data} label={`Attestations ${unit}`} onZoom={control.zoom} />}
      table={<VerdictTable points={prepareVerdicts(data, 'UTC').points} />}
    />
  );
}

function totalOf({ points }: VerdictSeries): number {
  return points.reduce(
    (sum, { counts }) =>
      sum + (counts === null ? 0 : VERDICT_ORDER.reduce((all, verdict) => all + counts[verdict], 0)),
    0,
  );
}
