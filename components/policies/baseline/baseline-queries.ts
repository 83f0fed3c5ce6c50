import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { apiFetch } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type {
  BaselineApps,
  BaselineDiff,
  BaselineDiffRequest,
  PolicyBaseline,
  PolicyBaselinePublication,
  PolicyDraft,
  PolicyDraftAct,
} from '@/lib/contracts';
import { policyPath } from '../policy-queries';

const PATH = '/api/console/policies/baseline';

/** The newest baseline of the organisation. */
export function baselineQuery() {
  return queryOptions({
    queryKey: [QUERY_ROOTS.policies, 'baseline'] as const,
    queryFn: ({ signal }) => apiFetch<{ baseline: PolicyBaseline | null }>(PATH, { signal }),
  });
}

/** How every app that the viewer may see stands to it. */
export function baselineAppsQuery() {
  return queryOptions({
    queryKey: [QUERY_ROOTS.policies, 'baseline', 'apps'] as const,
    queryFn: ({ signal }) => apiFetch<BaselineApps>(`${PATH}/apps`, { signal }),
  });
}

/** Compares a policy with the newest baseline; nothing changes by it. */
export function useCompareBaseline() {
  return useMutation({
    mutationFn: (body: BaselineDiffRequest) =>
      apiFetch<BaselineDiff>(`${PATH}/diff`, { method: 'POST', body }),
  });
}

/** A mutation after which everything that shows policies is read again; nobody waits for it. */
function useAct<Input, Output>(send: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSettled: () => void client.invalidateQueries({ queryKey: [QUERY_ROOTS.policies] }),
  });
}

/** Publishes a baseline. It changes no app by itself. */
export function usePublishBaseline() {
  return useAct((body: PolicyBaselinePublication) =>
    apiFetch<{ baseline: PolicyBaseline }>(PATH, { method: 'PUT', body }),
  );
}

/** Brings the draft of an app up to the newest baseline; revision 0 makes a draft of what is in force. */
export function useInheritBaseline() {
  return useAct(({ id, revision }: PolicyDraftAct) =>
    apiFetch<PolicyDraft>(`${policyPath(id)}/draft/inherit`, { method: 'POST', body: { revision } }),
  );
}
