'use client';

import { useQuery } from '@tanstack/react-query';
import { PolicyEditor, type PolicyEditorProps } from '@/components/policies/editor/policy-editor';
import { policyEditorQuery } from '@/components/policies/policy-queries';
import { toApiError } from '@/components/query/api-error';
import { Card } from '@/components/ui/card';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';

/** The editor of one app's policy, once it is read. */
export function EditorView(props: Omit<PolicyEditorProps, 'editor'>) {
  const query = useQuery(policyEditorQuery(props.appId));
  if (query.data !== undefined) return <PolicyEditor key={props.appId} {...props} editor={query.data} />;
  return (
    <Card aria-label="Policy">
      {query.isError ? (
        <ErrorState
          title="The policy could not be loaded"
          error={toApiError(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <SkeletonRows rows={12} label="Loading the policy…" />
      )}
    </Card>
  );
}
