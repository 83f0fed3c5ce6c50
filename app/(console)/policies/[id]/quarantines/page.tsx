import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { quarantinesQuery } from '@/components/policies/quarantine/quarantine-queries';
import { mayDo } from '@/lib/auth';
import { listPolicyStandings, listQuarantines } from '@/lib/policies';
import { DEMOTABLE_THREATS } from '../../../demotable-threats';
import { QuarantinesView } from './quarantines-view';

export const metadata: Metadata = { title: 'Quarantined signals' };

/** The signals of one app that are only observed, where and for how long. */
export default async function QuarantinesPage({ params }: { params: Promise<{ id: string }> }) {
  const [context, { id }] = await Promise.all([pageContext(), params]);
  const client = new QueryClient();
  const [standings] = await Promise.all([
    listPolicyStandings(context),
    // Where it cannot be read the browser asks again, and shows why.
    client.prefetchQuery({
      ...quarantinesQuery(id),
      queryFn: () => listQuarantines(context, { app: [id], state: 'all' }),
    }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <QuarantinesView
        id={id}
        appName={standings.apps.find(({ appId }) => appId === id)?.appName ?? id}
        threats={DEMOTABLE_THREATS}
        mayQuarantine={mayDo(context.actor, 'policies.quarantine', id)}
      />
    </HydrationBoundary>
  );
}
