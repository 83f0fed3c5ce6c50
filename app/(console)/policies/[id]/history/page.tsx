import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { policyVersionsQuery } from '@/components/policies/policy-queries';
import { readApp } from '@/lib/apps';
import { mayDo } from '@/lib/auth';
import { listPolicyVersions, readBaseline } from '@/lib/policies';
import { THREAT_CATALOGUE } from '../../threat-catalogue';
import { HistoryView } from './history-view';

export const metadata: Metadata = { title: 'Policy history' };

/** The versions of one app's policy: who, when, why; any two compared; any one put into force again. */
export default async function PolicyHistoryPage({ params }: { params: Promise<{ id: string }> }) {
  const [context, { id }] = await Promise.all([pageContext(), params]);
  const client = new QueryClient();
  const [app, { baseline }] = await Promise.all([
    readApp(context, { id }),
    readBaseline(context),
    // Where they cannot be read the browser asks again, and shows why.
    client.prefetchQuery({
      ...policyVersionsQuery(id),
      queryFn: () => listPolicyVersions(context, { id }),
    }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <HistoryView
        appId={id}
        mayWrite={mayDo(context.actor, 'policies.write', id)}
        catalogue={THREAT_CATALOGUE}
        hasBaseline={baseline !== null}
        attestations24h={app.attestations24h}
      />
    </HydrationBoundary>
  );
}
