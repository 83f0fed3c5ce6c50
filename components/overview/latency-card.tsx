'use client';

import { useQuery } from '@tanstack/react-query';
import { Timer } from 'lucide-react';
import { LatencyChart } from '@/components/charts/latency-chart';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { latencyQuery } from './overview-queries';
import { useCardRefetch } from './use-card-refetch';
import type { ViewControl } from './use-overview-view';

export interface LatencyCardProps {
  control: Pick<ViewControl, 'view' | 'zoom' | 'narrowed' | 'clear'>;
  /** The charts that show a hovered time together. */
  group: string;
}

/** How long attestations took on the service, over time; dragging over it zooms the page. */
export function LatencyCard({ control, group }: LatencyCardProps) {
  const { view, zoom, narrowed, clear } = control;
  const query = useQuery({ ...latencyQuery(view), refetchInterval: useCardRefetch(view) });
  if (query.data === undefined) {
    return (
      <Card aria-label="Latency">
        {query.isError ? (
          <ErrorState
            title="The latency could not be loaded"
            error={toApiError(query.error)}
            onRetry={() => void query.refetch()}
          />
        ) : (
          <SkeletonRows label="Loading the latency…" />
        )}
      </Card>
    );
  }
  return (
    <LatencyChart
      latency={query.data}
      onZoom={zoom}
      group={group}
      empty={narrowed ? <OnlyByApp onClear={clear} /> : <NothingMeasured />}
    />
  );
}

function OnlyByApp({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      icon={Timer}
      title="Latency is measured per app only"
      actions={<Button onClick={onClear}>Take off the other filters</Button>}
    >
      It is not kept by verdict, threat, version, country or network.
    </EmptyState>
  );
}

function NothingMeasured() {
  return (
    <EmptyState icon={Timer} title="Nothing was measured in this period">
      Choose a longer period above: each attestation adds its own time.
    </EmptyState>
  );
}
