import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { apiFetch } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type { PolicyRevert, PolicyReverted, Rollout } from '@/lib/contracts';
import { policyPath } from '../policy-queries';

/** How versions came into force, or did not. */
export function versionRolloutsQuery(id: string) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.policies, id, 'version-rollouts'] as const,
    queryFn: ({ signal }) => apiFetch<{ rollouts: Rollout[] }>(`${policyPath(id)}/rollouts`, { signal }),
  });
}

/** Puts an earlier version into force again. Its `seq` leads to the proof that every node obeys it. */
export function useRevertPolicy(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: PolicyRevert) =>
      apiFetch<PolicyReverted>(`${policyPath(id)}/revert`, { method: 'POST', body }),
    onSettled: () => client.invalidateQueries({ queryKey: [QUERY_ROOTS.policies] }),
  });
}
