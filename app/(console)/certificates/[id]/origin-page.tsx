'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { type AppScope, covers } from '@/components/blocks/block-rights';
import { ChangeProof } from '@/components/blocks/change-proof';
import { AdoptionCard } from '@/components/certificates/adoption-card';
import { originQuery, useProbeNow } from '@/components/certificates/certificate-queries';
import { standingOf } from '@/components/certificates/certificate-words';
import { ChainCard } from '@/components/certificates/chain-card';
import { FailuresCard } from '@/components/certificates/failures-card';
import { ProbesCard, VersionsCard } from '@/components/certificates/history-cards';
import { PinsCard } from '@/components/certificates/pins-card';
import { RotationCard } from '@/components/certificates/rotation-card';
import { PageHeader } from '@/components/console/page-header';
import { toApiError } from '@/components/query/api-error';
import { useUrlText } from '@/components/query/url-state';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { deferred } from '@/components/ui/deferred';
import { Notice } from '@/components/ui/notice';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { Time } from '@/components/ui/time';
import { VerdictMark } from '@/components/ui/verdict-mark';
import type { OriginDetail } from '@/lib/contracts';

const RemoveOriginDialog = deferred(() => import('@/components/certificates/remove-origin-dialog'));
const BACK = { label: 'Certificates', href: '/certificates' };

/** The page of one protected origin; it follows probes and rotations as they happen. */
export function OriginPage({ id, mayWrite }: { id: string; mayWrite: AppScope }) {
  const query = useQuery(originQuery(id));
  if (query.data !== undefined) {
    return <Origin origin={query.data} mayWrite={covers(mayWrite, query.data.appId)} />;
  }
  return (
    <>
      <PageHeader title="Protected origin" back={BACK} />
      <Card aria-label="Protected origin">
        {query.isError ? (
          <ErrorState
            title="This origin could not be loaded"
            error={toApiError(query.error)}
            onRetry={() => void query.refetch()}
          />
        ) : (
          <SkeletonRows rows={12} label="Loading the origin…" />
        )}
      </Card>
    </>
  );
}

function Origin({ origin, mayWrite }: { origin: OriginDetail; mayWrite: boolean }) {
  const router = useRouter();
  const [change, setChange] = useUrlText('change');
  const [removing, setRemoving] = useState(false);
  const probe = useProbeNow(origin.id);
  const standing = standingOf(origin);
  const show = (seq: number | null) => setChange(seq === null ? null : String(seq));
  return (
    <>
      <PageHeader
        back={BACK}
        title={
          <>
            {origin.host}
            {origin.port === 443 ? '' : `:${origin.port}`}
            <span className="font-normal text-base">
              <VerdictMark verdict={standing.tone} className="mr-2" />
              {standing.label}
            </span>
          </>
        }
        description={
          <>
            {origin.appName}
            {origin.includeSubdomains ? ', with its subdomains' : ''}
            {origin.serverName === null ? '' : `, asked for as ${origin.serverName}`}
          </>
        }
        actions={
          mayWrite ? (
            <>
              <Button variant="ghost" onClick={() => setRemoving(true)}>
                Forget
              </Button>
              <Button
                pending={origin.probeRequestedAt !== null || probe.isPending ? 'Probing…' : undefined}
                onClick={() => probe.mutate(undefined)}
              >
                Probe now
              </Button>
            </>
          ) : null
        }
      />
      {change !== null && /^[1-9]\d{0,14}$/.test(change) ? (
        <ChangeProof seq={Number(change)}>
          the new configuration, as each node acknowledged it{' '}
          <Button variant="ghost" size="sm" onClick={() => setChange(null)}>
            Dismiss
          </Button>
        </ChangeProof>
      ) : null}
      {probe.error === null ? null : <Notice tone="rejected">{toApiError(probe.error).message}</Notice>}
      <Expiry origin={origin} />
      <div className="grid items-start gap-3 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <div className="grid min-w-0 gap-3">
          <RotationCard origin={origin} mayWrite={mayWrite} onActed={show} />
          <PinsCard origin={origin} mayWrite={mayWrite} onPublished={show} />
          <AdoptionCard adoption={origin.adoption} />
        </div>
        <div className="grid min-w-0 gap-3">
          <ChainCard origin={origin} />
          <FailuresCard origin={origin} />
          <ProbesCard probes={origin.probes} />
          <VersionsCard versions={origin.versions} />
        </div>
      </div>
      {removing ? (
        <RemoveOriginDialog
          origin={origin}
          onClose={() => setRemoving(false)}
          onRemoved={() => router.replace('/certificates')}
        />
      ) : null}
    </>
  );
}

function Expiry({ origin: { expiryWarning, expiresAt } }: { origin: OriginDetail }) {
  if (expiryWarning === null || expiresAt === null) return null;
  return expiryWarning === 'expired' ? (
    <Notice tone="rejected" lead="expired">
      A certificate of the chain ran out <Time at={expiresAt} />.
    </Notice>
  ) : (
    <Notice tone="flagged" lead={`expires within ${expiryWarning.slice(0, -1)} days`}>
      A certificate of the chain runs out <Time at={expiresAt} />. A renewal that keeps its key needs no new
      pin.
    </Notice>
  );
}
