import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { apiFetch, withParams } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type { CutOffRequest, CutOffScope, CutOffs, CutOffView, ORGANISATION_TARGET } from '@/lib/contracts';

const PATH = '/api/console/cut-offs';
/** Tokens expire and are issued all the time: how often the devices that hold one are counted again. */
const COUNT_AGAIN_MS = 30_000;

/** Whose tokens a cut-off concerns. */
export interface CutOffTarget {
  scope: CutOffScope;
  target: string;
}

/** Everybody's tokens. */
export const WHOLE_ORGANISATION: CutOffTarget = {
  scope: 'organisation',
  target: 'default' satisfies typeof ORGANISATION_TARGET,
};

/** The cut-offs of a target, and how many devices hold a token that was issued before a moment (absent: now). */
export function cutOffsQuery({ scope, target }: CutOffTarget, notBefore?: string) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.cutOffs, scope, target, notBefore ?? null] as const,
    queryFn: ({ signal }) =>
      apiFetch<CutOffs>(
        withParams(PATH, { scope, target, ...(notBefore === undefined ? {} : { notBefore }) }),
        { signal },
      ),
    placeholderData: keepPreviousData,
    refetchInterval: COUNT_AGAIN_MS,
  });
}

/** Cuts off tokens. The answer says that it is committed, not that it is enforced: its `seq` leads to the proof. */
export function useCutOff() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CutOffRequest) => apiFetch<CutOffView>(PATH, { method: 'POST', body }),
    onSettled: () => void client.invalidateQueries({ queryKey: [QUERY_ROOTS.cutOffs] }),
  });
}
