import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { policyEditorQuery } from '@/components/policies/policy-queries';
import { mayDo } from '@/lib/auth';
import { readPolicyEditor } from '@/lib/policies';
import { EditorView } from './editor-view';

export const metadata: Metadata = { title: 'Policy' };

/** The editor of one app's policy, with the replay beside it. */
export default async function PolicyEditorPage({ params }: { params: Promise<{ id: string }> }) {
  const [context, { id }] = await Promise.all([pageContext(), params]);
  const client = new QueryClient();
  // Where it cannot be read the browser asks again, and shows why.
  await client.prefetchQuery({
    ...policyEditorQuery(id),
    queryFn: () => readPolicyEditor(context, { id }),
  });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <EditorView id={id} mayWrite={mayDo(context.actor, 'policies.write', id)} />
    </HydrationBoundary>
  );
}
