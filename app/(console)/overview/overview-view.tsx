'use client';

import { useQuery } from '@tanstack/react-query';
import { AppWindow, Radio } from 'lucide-react';
import Link from 'next/link';
import { VerdictAreaChart } from '@/components/charts/verdict-area-chart';
import { CountriesCard, NetworksCard } from '@/components/overview/origin-cards';
import { OverviewFigures } from '@/components/overview/overview-figures';
import type { OverviewView as View } from '@/components/overview/overview-links';
import { overviewQuery } from '@/components/overview/overview-queries';
import { OverviewSkeleton } from '@/components/overview/overview-skeleton';
import { RequestsCard } from '@/components/overview/requests-card';
import { type ThreatTones, TopThreatsCard, VersionThreatCard } from '@/components/overview/threat-cards';
import { useOverviewView } from '@/components/overview/use-overview-view';
import { toApiError } from '@/components/query/api-error';
import { ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { cx } from '@/components/ui/cx';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { VERDICT_ORDER } from '@/components/ui/verdict-mark';
import type { Overview } from '@/lib/contracts';
import { LiveAttestations } from './live-attestations';

export interface OverviewViewProps {
  tones: ThreatTones;
  hasApps: boolean;
  mayRegister: boolean;
}

/** The overview of the period and the apps that the URL states. */
export function OverviewView({ tones, hasApps, mayRegister }: OverviewViewProps) {
  const { view, zoom } = useOverviewView();
  const query = useQuery({ ...overviewQuery(view), enabled: hasApps });
  return (
    <>
      <h1 className="sr-only">Overview</h1>
      {hasApps ? null : <NoApps mayRegister={mayRegister} />}
      {query.data === undefined ? (
        <Pending query={query} hidden={!hasApps} />
      ) : (
        <div className={cx('grid gap-3 transition-opacity', query.isPlaceholderData && 'opacity-60')}>
          <Figures overview={query.data} tones={tones} view={view} onZoom={zoom} />
        </div>
      )}
      {hasApps ? <LiveAttestations key={JSON.stringify(view)} view={view} /> : null}
    </>
  );
}

function Pending({
  query,
  hidden,
}: {
  query: { error: Error | null; refetch: () => unknown };
  hidden: boolean;
}) {
  if (hidden) return null;
  if (query.error === null) return <OverviewSkeleton />;
  return (
    <Card aria-label="Overview">
      <ErrorState
        title="The overview could not be loaded"
        error={toApiError(query.error)}
        onRetry={() => void query.refetch()}
      />
    </Card>
  );
}

interface FiguresProps {
  overview: Overview;
  tones: ThreatTones;
  view: View;
  onZoom: (period: { fromMs: number; toMs: number }) => void;
}

function Figures({ overview, tones, view, onZoom }: FiguresProps) {
  return (
    <>
      <OverviewFigures overview={overview} view={view} />
      {hasAttestations(overview) ? (
        <>
          <VerdictAreaChart series={overview.series} onZoom={onZoom} />
          <div className="grid gap-3 lg:grid-cols-2">
            <TopThreatsCard
              threats={overview.topThreats}
              compared={overview.attestationsPerMinute.previous !== null}
              tones={tones}
              view={view}
            />
            <VersionThreatCard versionThreat={overview.versionThreat} view={view} />
          </div>
        </>
      ) : (
        <NothingYet />
      )}
      <div className="grid items-start gap-3 lg:grid-cols-2">
        <RequestsCard requests={overview.requests} />
        <div className="grid gap-3">
          <NetworksCard networks={overview.networks} view={view} />
          <CountriesCard countries={overview.countries} view={view} />
        </div>
      </div>
    </>
  );
}

function hasAttestations({ series }: Overview): boolean {
  return series.points.some(
    ({ counts }) => counts !== null && VERDICT_ORDER.some((verdict) => counts[verdict] > 0),
  );
}

function NothingYet() {
  return (
    <Card aria-label="Verdicts">
      <EmptyState icon={Radio} title="No attestation in this period">
        Choose a longer period above, or{' '}
        <Link href="/apps" className="text-accent-text underline underline-offset-2">
          follow an app’s integration guide
        </Link>
        : its attestations appear here as they happen.
      </EmptyState>
    </Card>
  );
}

function NoApps({ mayRegister }: { mayRegister: boolean }) {
  return (
    <Card aria-label="Getting started">
      <EmptyState
        icon={AppWindow}
        title="No app is registered yet"
        {...(mayRegister
          ? {
              actions: (
                <ButtonLink href="/apps/new" variant="primary">
                  Register an app
                </ButtonLink>
              ),
            }
          : {})}
      >
        {mayRegister
          ? 'Register your first app with its bundle id or its package and signer. Its guide then has everything else filled in.'
          : 'An administrator registers apps. Once one attests, its verdicts appear here.'}
      </EmptyState>
    </Card>
  );
}
