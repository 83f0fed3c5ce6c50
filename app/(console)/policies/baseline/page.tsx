import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { pageContext } from '@/app/api/current-actor';
import { baselineAppsQuery, baselineQuery } from '@/components/policies/baseline/baseline-queries';
import { TEMPLATES } from '@/lib/appraisal';
import { mayDo } from '@/lib/auth';
import { listBaselineApps, readBaseline } from '@/lib/policies';
import { policyScopeOf } from '../../block-rights-of';
import { BaselineView } from './baseline-view';

export const metadata: Metadata = { title: 'Policy baseline' };

/** What all apps have in common: the organisation's baseline, and how far each app is behind it. */
export default async function BaselinePage() {
  const context = await pageContext();
  const client = new QueryClient();
  // Where something cannot be read the browser asks again, and shows why.
  await Promise.all([
    client.prefetchQuery({ ...baselineQuery(), queryFn: () => readBaseline(context) }),
    client.prefetchQuery({ ...baselineAppsQuery(), queryFn: () => listBaselineApps(context) }),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <BaselineView
        templates={Object.entries(TEMPLATES).map(([id, policy]) => ({ id, policy }))}
        mayPublish={mayDo(context.actor, 'policies.write', null)}
        mayWrite={policyScopeOf(context.actor)}
      />
    </HydrationBoundary>
  );
}
