'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { type AppScope, covers } from '@/components/blocks/block-rights';
import { PageHeader } from '@/components/console/page-header';
import { AppsCard } from '@/components/policies/baseline/apps-card';
import { BaselineCard } from '@/components/policies/baseline/baseline-card';
import { baselineAppsQuery, baselineQuery } from '@/components/policies/baseline/baseline-queries';
import { policyHref } from '@/components/policies/policy-links';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { deferred } from '@/components/ui/deferred';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import type { Policy } from '@/lib/contracts';

const PublishDialog = deferred(() => import('@/components/policies/baseline/publish-baseline-dialog'));

export interface BaselineViewProps {
  templates: readonly { id: string; policy: Policy }[];
  /** Whether the viewer may publish for the whole organisation. */
  mayPublish: boolean;
  /** For which apps the viewer may edit policies. */
  mayWrite: AppScope;
}

/** The organisation's baseline and the apps that inherit it. */
export function BaselineView({ templates, mayPublish, mayWrite }: BaselineViewProps) {
  const router = useRouter();
  const baseline = useQuery(baselineQuery());
  const apps = useQuery(baselineAppsQuery());
  const [publishing, setPublishing] = useState(false);
  const failed = baseline.data === undefined ? baseline : apps;
  const isLoaded = baseline.data !== undefined && apps.data !== undefined;
  return (
    <>
      <PageHeader
        back={{ label: 'Policies', href: '/policies' }}
        title="Baseline"
        description="What all apps have in common. An app follows it where it agrees, and keeps what it says otherwise."
        actions={
          mayPublish && isLoaded ? (
            <Button variant="primary" onClick={() => setPublishing(true)}>
              Publish a baseline
            </Button>
          ) : undefined
        }
      />
      {isLoaded ? (
        <>
          <BaselineCard baseline={baseline.data.baseline} />
          <AppsCard
            {...apps.data}
            mayWrite={(appId) => covers(mayWrite, appId)}
            onBrought={(appId) => router.push(policyHref(appId))}
          />
        </>
      ) : (
        <Card aria-label="Baseline">
          {failed.isError ? (
            <ErrorState
              title="The baseline could not be loaded"
              error={toApiError(failed.error)}
              onRetry={() => void failed.refetch()}
            />
          ) : (
            <SkeletonRows rows={8} label="Loading the baseline…" />
          )}
        </Card>
      )}
      {publishing && isLoaded ? (
        <PublishDialog
          baseline={baseline.data.baseline}
          templates={templates}
          apps={apps.data.apps.map(({ appId, appName }) => ({ id: appId, name: appName }))}
          onClose={() => setPublishing(false)}
        />
      ) : null}
    </>
  );
}
