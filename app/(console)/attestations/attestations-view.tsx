'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { countActive, filterParams } from '@/components/attestations/attestation-filter';
import { AttestationsTable } from '@/components/attestations/attestations-table';
import { HistogramSkeleton } from '@/components/attestations/histogram-skeleton';
import type { FacetNames } from '@/components/attestations/prepare-facets';
import { useAttestationFilter } from '@/components/attestations/use-attestation-filter';
import { type AppScope, type BlockRights, coversAny } from '@/components/blocks/block-rights';
import { BulkBlock } from '@/components/blocks/bulk-block';
import { PageHeader } from '@/components/console/page-header';
import { FacetsPlaceholder } from '@/components/data-table/facet-skeleton';
import { SearchField } from '@/components/data-table/search-field';
import { useLiveStatus } from '@/components/query/live-provider';
import { useUrlText } from '@/components/query/url-state';
import { Card } from '@/components/ui/card';
import { deferred } from '@/components/ui/deferred';
import { SavedViewsMenu } from '@/components/views/saved-views-menu';

// Drawn by the server, but its script comes only where there is something to show.
const AttestationChips = deferred(
  () => import('@/components/attestations/attestation-chips').then((module) => module.AttestationChips),
  { onServer: true },
);
const AttestationFacets = deferred(
  () => import('@/components/attestations/attestation-facets').then((module) => module.AttestationFacets),
  { placeholder: FacetsPlaceholder },
);
const AttestationHistogram = deferred(
  () =>
    import('@/components/attestations/attestation-histogram').then((module) => module.AttestationHistogram),
  {
    placeholder: () => (
      <Card aria-label="Attestations over time">
        <HistogramSkeleton />
      </Card>
    ),
  },
);
const ExplainPanel = deferred(() => import('./explain-panel'));

export interface AttestationsViewProps {
  names: FacetNames;
  rights: BlockRights;
  /** For which apps the viewer may export archived evidence. */
  mayExportEvidence: AppScope;
  mayWriteViews: boolean;
}

/** The attestations with their facets, their spread over time, and the panel that explains one of them. */
export function AttestationsView({ names, rights, mayExportEvidence, mayWriteViews }: AttestationsViewProps) {
  const control = useAttestationFilter();
  const [event, setEvent] = useUrlText('event');
  const router = useRouter();
  const live = useLiveStatus() === 'live' && control.filter.range.kind === 'named';
  const { q, range } = control.filter;
  const isNarrowed = range.kind === 'absolute' || countActive(control.filter) > 0;
  return (
    <>
      <PageHeader
        title="Attestations"
        description="Every verdict as it happens. Open one to see what led to it."
        actions={
          <>
            <SavedViewsMenu page="attestations" mayWrite={mayWriteViews} />
            <SearchField
              label="Search attestations"
              placeholder="Reference or instance id"
              value={q}
              onChange={control.search}
              className="min-w-44 flex-1 sm:w-64"
            />
          </>
        }
      />
      <div className="grid items-start gap-3 lg:grid-cols-[196px_minmax(0,1fr)] lg:gap-4">
        <div className="lg:sticky lg:top-14 lg:max-h-[calc(100dvh-4.5rem)] lg:overflow-y-auto lg:pr-1.5 lg:pb-4">
          <AttestationFacets control={control} names={names} live={live} />
        </div>
        <div className="grid min-w-0 gap-3">
          {isNarrowed ? <AttestationChips control={control} names={names} /> : null}
          {q === '' ? <AttestationHistogram control={control} live={live} /> : null}
          <AttestationsTable
            control={control}
            activeId={event}
            onOpen={(row) => setEvent(row.id)}
            acts={
              coversAny(rights.any) ? (
                <BulkBlock
                  query={() => ({ source: 'attestations', ...filterParams(control.filter) })}
                  onBlocked={(batch) => router.push(`/blocks?batch=${batch}`)}
                />
              ) : null
            }
            gettingStarted={
              <>
                Choose a longer period, or{' '}
                <Link href="/apps" className="text-accent-text underline underline-offset-2">
                  connect an app
                </Link>
                : its attestations appear here as they happen.
              </>
            }
          />
        </div>
      </div>
      {event === null ? null : (
        <ExplainPanel
          key={event}
          event={event}
          titles={names.threats}
          rights={rights}
          mayExportEvidence={mayExportEvidence}
          onClose={() => setEvent(null)}
        />
      )}
    </>
  );
}
