import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { emergencyQuery } from '@/components/policies/emergency/emergency-queries';
import { mayDo } from '@/lib/auth';
import { listPolicyStandings, readEmergency } from '@/lib/policies';
import { EmergencyView } from './emergency-view';

export const metadata: Metadata = { title: 'Emergency' };

/** The switches over a whole app, for when there is no time for a policy. */
export default async function EmergencyPage({ params }: { params: Promise<{ id: string }> }) {
  const [context, { id }] = await Promise.all([pageContext(), params]);
  const client = new QueryClient();
  const [standings] = await Promise.all([
    listPolicyStandings(context),
    // Where it cannot be read the browser asks again, and shows why.
    client.prefetchQuery({ ...emergencyQuery(id), queryFn: () => readEmergency(context, { id }) }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <EmergencyView
        id={id}
        appName={standings.apps.find(({ appId }) => appId === id)?.appName ?? id}
        mayThrow={mayDo(context.actor, 'apps.emergency', id)}
      />
    </HydrationBoundary>
  );
}
