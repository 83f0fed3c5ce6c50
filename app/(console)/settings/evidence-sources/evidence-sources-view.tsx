'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { PageHeader } from '@/components/console/page-header';
import { AlarmsNotice } from '@/components/endorsements/alarms-notice';
import { AnchorsCard } from '@/components/endorsements/anchors-card';
import { endorsementsQuery, useCheckList } from '@/components/endorsements/endorsement-queries';
import { QuotasCard } from '@/components/endorsements/quotas-card';
import { StatusListCard } from '@/components/endorsements/status-list-card';
import { TeamsCard } from '@/components/endorsements/teams-card';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { deferred } from '@/components/ui/deferred';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import type { EndorsementsView } from '@/lib/contracts';

const ListAgeDialog = deferred(() => import('@/components/endorsements/list-age-dialog'));
const TeamKeyDialog = deferred(() => import('@/components/endorsements/team-key-dialog'));
const RemoveKeyDialog = deferred(() => import('@/components/endorsements/remove-key-dialog'));

/** The page of the evidence sources. */
export function EvidenceSourcesView({ mayWrite }: { mayWrite: boolean }) {
  const query = useQuery(endorsementsQuery());
  return (
    <>
      <PageHeader
        title="Evidence sources"
        description="What verification rests on: the vendors’ roots, the keys that they revoked, and what they count."
      />
      {query.data !== undefined ? (
        <Sources view={query.data} mayWrite={mayWrite} />
      ) : (
        <Card aria-label="Evidence sources">
          {query.isError ? (
            <ErrorState
              title="The evidence sources could not be loaded"
              error={toApiError(query.error)}
              onRetry={() => void query.refetch()}
            />
          ) : (
            <SkeletonRows rows={8} label="Loading the evidence sources…" />
          )}
        </Card>
      )}
    </>
  );
}

type Open = { act: 'age' } | { act: 'set' | 'remove'; app: { id: string; name: string } };

function Sources({ view, mayWrite }: { view: EndorsementsView; mayWrite: boolean }) {
  const [open, setOpen] = useState<Open | null>(null);
  const check = useCheckList();
  const close = () => setOpen(null);
  return (
    <>
      <AlarmsNotice alarms={view.alarms} />
      <StatusListCard
        list={view.statusList}
        acts={
          mayWrite ? (
            <>
              <Button size="sm" onClick={() => setOpen({ act: 'age' })}>
                Set its age
              </Button>
              <Button size="sm" disabled={check.isPending} onClick={() => check.mutate()}>
                Ask now
              </Button>
            </>
          ) : null
        }
      />
      <QuotasCard quotas={view.quotas} />
      <AnchorsCard anchors={view.anchors} />
      <TeamsCard
        teams={view.teams}
        acts={({ appId, appName, keyId }) => {
          if (!mayWrite) return null;
          const app = { id: appId, name: appName };
          return (
            <>
              <Button size="sm" onClick={() => setOpen({ act: 'set', app })}>
                {keyId === null ? 'Set a key' : 'Exchange'}
              </Button>
              {keyId === null ? null : (
                <Button size="sm" variant="danger" onClick={() => setOpen({ act: 'remove', app })}>
                  Remove
                </Button>
              )}
            </>
          );
        }}
      />
      {open?.act === 'age' ? <ListAgeDialog list={view.statusList} onClose={close} /> : null}
      {open?.act === 'set' ? <TeamKeyDialog app={open.app} onClose={close} /> : null}
      {open?.act === 'remove' ? <RemoveKeyDialog app={open.app} onClose={close} /> : null}
    </>
  );
}
