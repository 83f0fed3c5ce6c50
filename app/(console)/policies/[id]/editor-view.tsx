'use client';

import { useQuery } from '@tanstack/react-query';
import { policyEditorQuery } from '@/components/policies/policy-queries';
import { toApiError } from '@/components/query/api-error';
import { Card } from '@/components/ui/card';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';

/** The editor of one app's policy. */
export function EditorView({ id, mayWrite }: { id: string; mayWrite: boolean }) {
  const query = useQuery(policyEditorQuery(id));
  return (
    <Card aria-label="Policy">
      {query.isError ? (
        <ErrorState
          title="The policy could not be loaded"
          error={toApiError(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <SkeletonRows rows={mayWrite ? 12 : 11} label="Loading the policy…" />
      )}
    </Card>
  );
}
