import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { policyEditorQuery } from '@/components/policies/policy-queries';
import { listApiKeys } from '@/lib/api-keys';
import { TEMPLATES } from '@/lib/appraisal';
import { mayDo } from '@/lib/auth';
import { RULE_FUNCTIONS, RULE_VARIABLES } from '@/lib/contracts';
import { readPolicyEditor } from '@/lib/policies';
import { THREAT_CATALOGUE } from '../threat-catalogue';
import { EditorView } from './editor-view';

export const metadata: Metadata = { title: 'Policy' };

/** The browser need not load the contracts for it. */
const LANGUAGE = {
  ...{ variables: RULE_VARIABLES, functions: RULE_FUNCTIONS },
  threats: THREAT_CATALOGUE.threats.map(({ id, title }) => ({ id, title })),
};

/** The editor of one app's policy, with the replay beside it. */
export default async function PolicyEditorPage({ params }: { params: Promise<{ id: string }> }) {
  const [context, { id }] = await Promise.all([pageContext(), params]);
  const client = new QueryClient();
  const [apiKeys] = await Promise.all([
    mayDo(context.actor, 'api_keys.read', id) ? listApiKeys(context).then(({ keys }) => keys) : [],
    // Where it cannot be read the browser asks again, and shows why.
    client.prefetchQuery({
      ...policyEditorQuery(id),
      queryFn: () => readPolicyEditor(context, { id }),
    }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <EditorView
        appId={id}
        mayWrite={mayDo(context.actor, 'policies.write', id)}
        catalogue={THREAT_CATALOGUE}
        language={LANGUAGE}
        templates={TEMPLATES}
        apiKeys={apiKeys.filter(({ appId }) => appId === id).map(({ name }) => name)}
      />
    </HydrationBoundary>
  );
}
