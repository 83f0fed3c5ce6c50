import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { endorsementsQuery } from '@/components/endorsements/endorsement-queries';
import { mayDo } from '@/lib/auth';
import { readEndorsements } from '@/lib/endorsements';
import { EvidenceSourcesView } from './evidence-sources-view';

export const metadata: Metadata = { title: 'Evidence sources' };

/** What verification rests on: the vendors' roots, Google's list of revoked keys, Apple's counts. */
export default async function EvidenceSourcesPage() {
  const context = await pageContext();
  const client = new QueryClient();
  // Where they cannot be read the browser asks again, and shows why.
  await client.prefetchQuery({ ...endorsementsQuery(), queryFn: () => readEndorsements(context) });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <EvidenceSourcesView mayWrite={mayDo(context.actor, 'endorsements.write', null)} />
    </HydrationBoundary>
  );
}
