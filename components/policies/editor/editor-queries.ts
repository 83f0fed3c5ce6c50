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

/**
 * An act on the draft. What is shown of it is the server's answer; what else it changed is read again. `onDone` is called
 * in the same moment in which the answer is shown, also where whoever asked is gone by then.
 */
function useDraftAct<Input, Output>(
  id: string,
  about: {
    send: (input: Input) => Promise<Output>;
    draftOf: (output: Output) => PolicyDraft | null;
    onDone?: ((output: Output, input: Input) => void) | undefined;
  },
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: about.send,
    onSuccess: (output, input) => {
      client.setQueryData(policyEditorQuery(id).queryKey, (editor: PolicyEditor | undefined) =>
        editor === undefined ? editor : { ...editor, draft: about.draftOf(output) },
      );
      about.onDone?.(output, input);
    },
    // Also where it was refused: somebody else was faster, and theirs is to be shown.
    onSettled: () => void client.invalidateQueries({ queryKey: [QUERY_ROOTS.policies] }),
  });
}

const draftOf = (draft: PolicyDraft) => draft;
const noDraft = () => null;

export function useSaveDraft(id: string, onDone: (draft: PolicyDraft, sent: PolicyDraftSave) => void) {
  const send = (body: PolicyDraftSave) =>
    apiFetch<PolicyDraft>(`${policyPath(id)}/draft`, { method: 'PUT', body });
  return useDraftAct(id, { send, draftOf, onDone });
}

export function useDiscardDraft(id: string, onDone: () => void) {
  const send = (body: PolicyDraftAct) =>
    apiFetch<{ done: true }>(`${policyPath(id)}/draft`, { method: 'DELETE', body });
  return useDraftAct(id, { send, draftOf: noDraft, onDone });
}

export function useApproveDraft(id: string) {
  const send = (body: PolicyDraftAct) => post<PolicyDraft>(`${policyPath(id)}/draft/approve`, body);
  return useDraftAct(id, { send, draftOf });
}

/** Brings the draft up to the newest baseline. */
export function useInheritBaseline(id: string) {
  const send = (body: PolicyDraftAct) => post<PolicyDraft>(`${policyPath(id)}/draft/inherit`, body);
  return useDraftAct(id, { send, draftOf });
}
