import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { apiFetch } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type {
  BlockRuleDraft,
  BlockRuleEdit,
  BlockRuleLift,
  BlockRuleLifted,
  BlockRulePreview,
  BlockRulePreviewRequest,
  BlockRuleView,
} from '@/lib/contracts';

const PATH = '/api/console/blocks/rules';
const READ_AGAIN_MS = 30_000;

/** The rules that block, of every app that the viewer may see. */
export function rulesQuery() {
  return queryOptions({
    queryKey: [QUERY_ROOTS.blockRules] as const,
    queryFn: ({ signal }) => apiFetch<{ rules: BlockRuleView[] }>(PATH, { signal }),
    refetchInterval: READ_AGAIN_MS,
  });
}

/** Whom a rule would have blocked in the last day. Asked anew each time: the answer is what somebody acts on. */
export function rulePreviewQuery(request: BlockRulePreviewRequest) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.blockReach, 'rule', request] as const,
    queryFn: ({ signal }) =>
      apiFetch<BlockRulePreview>(`${PATH}/preview`, { method: 'POST', body: request, signal }),
    gcTime: 0,
    retry: false,
  });
}

const SHOWN = [
  QUERY_ROOTS.blockRules,
  QUERY_ROOTS.blocks,
  QUERY_ROOTS.device,
  QUERY_ROOTS.devices,
  QUERY_ROOTS.overview,
];

function useRefresh(): () => void {
  const client = useQueryClient();
  return () => {
    for (const root of SHOWN) {
      void client.invalidateQueries({ queryKey: [root] });
    }
  };
}

const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;

/** Makes a rule, or changes the one that is given. */
export function useSaveRule(rule: BlockRuleView | null) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (draft: BlockRuleDraft) => {
      if (rule === null) return apiFetch<BlockRuleView>(PATH, { method: 'POST', body: draft });
      const { appId: _, ...fields } = draft;
      const body: BlockRuleEdit = { ...fields, basedOn: rule.revision };
      return apiFetch<BlockRuleView>(pathOf(rule.id), { method: 'PUT', body });
    },
    onSettled: refresh,
  });
}

/** Lifts what a rule made, step by step; the first step settles what it concerns. */
export function useLiftOfRule(onStep: (sum: LiftSum) => void) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async ({ id, reason, pausesFirst }: RuleLiftWish) => {
      if (pausesFirst) {
        await apiFetch(`${pathOf(id)}/state`, { method: 'PUT', body: { state: 'paused', reason } });
      }
      let before: string | undefined;
      const sum: LiftSum = { lifted: 0, seq: null };
      for (;;) {
        const body: BlockRuleLift = { reason, ...(before === undefined ? {} : { before }) };
        const step = await apiFetch<BlockRuleLifted>(`${pathOf(id)}/lift`, { method: 'POST', body });
        before = step.before;
        sum.lifted += step.lifted;
        sum.seq = step.seq ?? sum.seq;
        onStep({ ...sum });
        if (step.left === 0 || step.lifted === 0) return sum;
      }
    },
    onSettled: refresh,
  });
}

/** What an act on all of a rule's blocks has lifted, and the last change of it. */
export interface LiftSum {
  lifted: number;
  seq: number | null;
}

/** `pausesFirst` so that the rule blocks nobody again while its blocks are lifted. */
export interface RuleLiftWish {
  id: string;
  reason: string;
  pausesFirst: boolean;
}

/** What is done to a rule besides changing it. */
export type RuleAct = 'pause' | 'resume' | 'delete';

/** Pauses a rule, has it go on, or deletes it. */
export function useRuleAct() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ id, act, reason }: { id: string; act: RuleAct; reason: string }) =>
      act === 'delete'
        ? apiFetch<BlockRuleView>(pathOf(id), { method: 'DELETE', body: { reason } })
        : apiFetch<BlockRuleView>(`${pathOf(id)}/state`, {
            method: 'PUT',
            body: { state: act === 'pause' ? 'paused' : 'active', reason },
          }),
    onSettled: refresh,
  });
}
