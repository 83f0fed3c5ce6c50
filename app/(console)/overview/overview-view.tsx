'use client';

import { useQuery } from '@tanstack/react-query';
import { AppWindow } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { FacetNames } from '@/components/attestations/prepare-facets';
import { PageHeader } from '@/components/console/page-header';
import { AlarmsNotice } from '@/components/endorsements/alarms-notice';
import { CompareControl } from '@/components/overview/compare-control';
import { OverviewFigures } from '@/components/overview/overview-figures';
import { overviewQuery } from '@/components/overview/overview-queries';
import { CardsSkeleton, OverviewSkeleton } from '@/components/overview/overview-skeleton';
import type { ThreatTones } from '@/components/overview/threat-cards';
import { useComparison } from '@/components/overview/use-comparison';
import { useOverviewView } from '@/components/overview/use-overview-view';
import { WhatChanged } from '@/components/overview/what-changed';
import { toApiError } from '@/components/query/api-error';
import { ButtonLink } from '@/components/ui/button-link';
import { Card } from '@/components/ui/card';
import { cx } from '@/components/ui/cx';
import { deferred } from '@/components/ui/deferred';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { SavedViewsMenu } from '@/components/views/saved-views-menu';
import type { EndorsementAlarm } from '@/lib/contracts';
import { LiveAttestations } from './live-attestations';
import { OverviewChips } from './overview-chips';
import { QuarantineAct, type QuarantineRights } from './quarantine-act';

const loadCards = () => import('./overview-cards').then((module) => module.OverviewCards);
const ChangeProof = deferred(() =>
  import('@/components/blocks/change-proof').then((module) => module.ChangeProof),
);
const OverviewCards = deferred(loadCards, { placeholder: CardsSkeleton });

export interface OverviewViewProps {
  /** What is wrong with what verification rests on. */
  alarms: readonly EndorsementAlarm[];
  tones: ThreatTones;
  names: FacetNames;
  mayWriteViews: boolean;
  hasApps: boolean;
  mayRegister: boolean;
  /** What the viewer may put into quarantine. */
  quarantine: QuarantineRights;
}

/** The overview of the period, the apps and the facets that the URL states. */
export function OverviewView(props: OverviewViewProps) {
  const { alarms, tones, names, mayWriteViews, hasApps, mayRegister } = props;
  const control = useOverviewView();
  const { view } = control;
  const query = useQuery({ ...overviewQuery(view), enabled: hasApps });
  const comparison = useComparison(view);
  const [seq, setSeq] = useState<number>();
  useEffect(() => {
    // While the figures are read. Where it fails, showing the cards tries again and says so.
    loadCards().catch(() => {});
  }, []);
  if (!hasApps) {
    return (
      <>
        <PageHeader title="Overview" />
        <NoApps mayRegister={mayRegister} />
      </>
    );
  }
  return (
    <>
      <PageHeader
        title="Overview"
        actions={
          <>
            <CompareControl by={comparison.by} compare={comparison.compare} />
            <SavedViewsMenu page="overview" mayWrite={mayWriteViews} />
          </>
        }
      />
      <AlarmsNotice
        alarms={alarms}
        actions={
          <ButtonLink href="/settings/evidence-sources" size="sm">
            Evidence sources
          </ButtonLink>
        }
      />
      <OverviewChips control={control} names={names} />
      <WhatChanged
        view={view}
        acts={(finding) => <QuarantineAct finding={finding} rights={props.quarantine} onMade={setSeq} />}
      />
      {seq === undefined ? null : <ChangeProof key={seq} seq={seq} />}
      {query.data === undefined ? (
        <Pending query={query} />
      ) : (
        <div className={cx('grid gap-3 transition-opacity', query.isPlaceholderData && 'opacity-60')}>
          <OverviewFigures overview={query.data} view={view} />
          <OverviewCards overview={query.data} tones={tones} control={control} comparison={comparison} />
        </div>
      )}
      <LiveAttestations key={JSON.stringify(view)} view={view} />
    </>
  );
}

function Pending({ query }: { query: { error: Error | null; refetch: () => unknown } }) {
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
