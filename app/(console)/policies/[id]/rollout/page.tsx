import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { policyEditorQuery } from '@/components/policies/policy-queries';
import { rolloutsQuery } from '@/components/policies/rollout/rollout-queries';
import { mayDo } from '@/lib/auth';
import { readPolicyEditor, readRollouts } from '@/lib/policies';
import { RolloutView } from './rollout-view';

export const metadata: Metadata = { title: 'Policy rollout' };

/** How a version of the policy comes into force for more and more devices. */
export default async function RolloutPage({ params }: { params: Promise<{ id: string }> }) {
  const [context, { id }] = await Promise.all([pageContext(), params]);
  const client = new QueryClient();
  // Where something cannot be read the browser asks again, and shows why.
  await Promise.all([
    client.prefetchQuery({ ...rolloutsQuery(id), queryFn: () => readRollouts(context, { id }) }),
    client.prefetchQuery({ ...policyEditorQuery(id), queryFn: () => readPolicyEditor(context, { id }) }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RolloutView id={id} mayWrite={mayDo(context.actor, 'policies.write', id)} />
    </HydrationBoundary>
  );
}
