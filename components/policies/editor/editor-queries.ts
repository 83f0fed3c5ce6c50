import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { apiFetch } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type {
  Policy,
  PolicyCheck,
  PolicyDiff,
  PolicyDraft,
  PolicyDraftAct,
  PolicyDraftSave,
  PolicyEditor,
  PolicySide,
  Rollout,
  RolloutStart,
  RuleCheck,
} from '@/lib/contracts';
import { policyEditorQuery, policyPath } from '../policy-queries';

const post = <Output>(path: string, body: unknown, signal?: AbortSignal) =>
  apiFetch<Output>(path, { method: 'POST', body, ...(signal === undefined ? {} : { signal }) });

/** How a policy that is being edited differs from what is in force and from the baseline, or what is wrong with it. */
export function policyCheckQuery(id: string, policy: Policy) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.policies, id, 'check', policy] as const,
    queryFn: ({ signal }) => post<PolicyCheck>(`${policyPath(id)}/check`, { id, policy }, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** How two policies of an app differ, in words. */
export function policyDiffQuery(id: string, from: PolicySide, to: PolicySide) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.policies, id, 'diff', from, to] as const,
    queryFn: ({ signal }) => post<PolicyDiff>(`${policyPath(id)}/diff`, { id, from, to }, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** What is wrong with a rule, and where. The same text is asked about once. */
export function ruleCheckQuery(expression: string) {
  return queryOptions({
    queryKey: ['rule-check', expression] as const,
    queryFn: ({ signal }) => post<RuleCheck>('/api/console/policies/rules/check', { expression }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

/** An act on the draft. What is shown of it is the server's answer; what else it changed is read again. */
function useDraftAct<Input, Output>(
  id: string,
  send: (input: Input) => Promise<Output>,
  draftOf: (output: Output) => PolicyDraft | null,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: (output) => {
      client.setQueryData(policyEditorQuery(id).queryKey, (editor: PolicyEditor | undefined) =>
        editor === undefined ? editor : { ...editor, draft: draftOf(output) },
      );
    },
    // Also where it was refused: somebody else was faster, and theirs is to be shown.
    onSettled: () => client.invalidateQueries({ queryKey: [QUERY_ROOTS.policies], refetchType: 'active' }),
  });
}

const isDraft = (draft: PolicyDraft) => draft;

export function useSaveDraft(id: string) {
  return useDraftAct(
    id,
    (body: PolicyDraftSave) => apiFetch<PolicyDraft>(`${policyPath(id)}/draft`, { method: 'PUT', body }),
    isDraft,
  );
}

export function useDiscardDraft(id: string) {
  return useDraftAct(
    id,
    (body: PolicyDraftAct) => apiFetch<{ done: true }>(`${policyPath(id)}/draft`, { method: 'DELETE', body }),
    () => null,
  );
}

export function useApproveDraft(id: string) {
  return useDraftAct(
    id,
    (body: PolicyDraftAct) => post<PolicyDraft>(`${policyPath(id)}/draft/approve`, body),
    isDraft,
  );
}

/** Brings the draft up to the newest baseline. */
export function useInheritBaseline(id: string) {
  return useDraftAct(
    id,
    (body: PolicyDraftAct) => post<PolicyDraft>(`${policyPath(id)}/draft/inherit`, body),
    isDraft,
  );
}

/** Publishes the draft in stages, the first of which only observes. */
export function useStartRollout(id: string) {
  return useDraftAct(
    id,
    (body: RolloutStart) => post<Rollout>(`${policyPath(id)}/rollouts`, body),
    () => null,
  );
}
