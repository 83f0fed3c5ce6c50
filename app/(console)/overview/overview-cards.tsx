'use client';

import { useQuery } from '@tanstack/react-query';
import { Radio } from 'lucide-react';
import Link from 'next/link';
import { VerdictAreaChart } from '@/components/charts/verdict-area-chart';
import { periodBefore } from '@/components/overview/choose-comparison';
import { ComparisonCard } from '@/components/overview/comparison-card';
import { CountriesCard } from '@/components/overview/countries-card';
import { FunnelCard } from '@/components/overview/funnel-card';
import { LatencyCard } from '@/components/overview/latency-card';
import { NetworksCard } from '@/components/overview/networks-card';
import { seriesBeforeQuery } from '@/components/overview/overview-queries';
import { RequestsCard } from '@/components/overview/requests-card';
import { type ThreatTones, TopThreatsCard, VersionThreatCard } from '@/components/overview/threat-cards';
import type { ComparisonControl } from '@/components/overview/use-comparison';
import type { ViewControl } from '@/components/overview/use-overview-view';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/states';
import { VERDICT_ORDER } from '@/components/ui/verdict-mark';
import type { Overview } from '@/lib/contracts';

/** The charts over time of this page show a hovered time together. */
const CHART_GROUP = 'overview';

export interface OverviewCardsProps {
  overview: Overview;
  tones: ThreatTones;
  control: ViewControl;
  comparison: ComparisonControl;
}

/**
 * Everything below the figures: what is compared, verdicts, threats, where it all came from, and the way through. Load it by
 * itself (`deferred`): it is most of the page's script.
 */
export function OverviewCards({ overview, tones, control, comparison }: OverviewCardsProps) {
  const againstBefore = comparison.by === 'period';
  return (
    <>
      {comparison.by === null ? null : <ComparisonCard view={control.view} control={comparison} />}
      {hasAttestations(overview) ? (
        <VerdictsChart series={overview.series} control={control} againstBefore={againstBefore} />
      ) : (
        <NothingYet control={control} />
      )}
      {hasAttestations(overview) || overview.versionThreat.rows.length > 0 ? (
        <div className="grid gap-3 lg:grid-cols-2">
          <TopThreatsCard
            threats={overview.topThreats}
            compared={overview.attestationsPerMinute.previous !== null}
            tones={tones}
            control={control}
          />
          <VersionThreatCard versionThreat={overview.versionThreat} control={control} />
        </div>
      ) : null}
      <CountriesCard countries={overview.countries} control={control} />
      <div className="grid gap-3 lg:grid-cols-2">
        <FunnelCard view={control.view} />
        <LatencyCard control={control} group={CHART_GROUP} />
      </div>
      <div className="grid gap-3 lg:grid-cols-2">
        <NetworksCard networks={overview.networks} control={control} />
        <RequestsCard requests={overview.requests} narrowed={control.narrowed} />
      </div>
    </>
  );
}

type VerdictsChartProps = Pick<Overview, 'series'> &
  Pick<OverviewCardsProps, 'control'> & {
    /** Whether the period before is drawn beside this one. */
    againstBefore: boolean;
  };

function VerdictsChart({ series, control, againstBefore }: VerdictsChartProps) {
  const { view, zoom, resetZoom, isolate } = control;
  const before = useQuery(seriesBeforeQuery(view, againstBefore ? periodBefore(series) : null));
  return (
    <VerdictAreaChart
      series={series}
      before={againstBefore ? before.data : undefined}
      onZoom={zoom}
      onResetZoom={resetZoom}
      shown={view.facets.verdict ?? []}
      onIsolate={isolate}
      group={CHART_GROUP}
    />
  );
}

function hasAttestations({ series }: Overview): boolean {
  return series.points.some(
    ({ counts }) => counts !== null && VERDICT_ORDER.some((verdict) => counts[verdict] > 0),
  );
}

/** Nothing to draw, and the way on: out of the filters, out of the zoom, or to the integration guide. */
function NothingYet({ control }: { control: ViewControl }) {
  const { narrowed, clear, resetZoom } = control;
  const actions = (
    <>
      {narrowed ? <Button onClick={clear}>Take off the filters</Button> : null}
      {resetZoom === undefined ? null : <Button onClick={resetZoom}>Reset zoom</Button>}
    </>
  );
  return (
    <Card aria-label="Verdicts">
      <EmptyState
        icon={Radio}
        title={narrowed ? 'No attestation that the filters let through' : 'No attestation in this period'}
        actions={actions}
      >
        Choose a longer period above, or{' '}
        <Link href="/apps" className="text-accent-text underline underline-offset-2">
          follow an app’s integration guide
        </Link>
        : its attestations appear here as they happen.
      </EmptyState>
    </Card>
  );
}
