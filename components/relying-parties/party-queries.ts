import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { apiFetch } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type {
  RelyingParties,
  RelyingPartyDraft,
  RelyingPartyMade,
  RelyingPartyRemoved,
} from '@/lib/contracts';

const PATH = '/api/console/relying-parties';
const READ_AGAIN_MS = 10_000;

/** Relying parties that verify locally, and when each was last heard of. */
export function relyingPartiesQuery() {
  return queryOptions({
    queryKey: [QUERY_ROOTS.relyingParties] as const,
    queryFn: ({ signal }) => apiFetch<RelyingParties>(PATH, { signal }),
    refetchInterval: READ_AGAIN_MS,
  });
}

function useRefresh(): () => void {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: [QUERY_ROOTS.relyingParties] });
}

/** Registers one; the answer alone holds its credential. */
export function useRegisterParty() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: RelyingPartyDraft) => apiFetch<RelyingPartyMade>(PATH, { method: 'POST', body }),
    onSettled: refresh,
    // Nothing keeps the credential longer than the dialog that shows it.
    gcTime: 0,
  });
}

/** Removes one. */
export function useRemoveParty() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      apiFetch<RelyingPartyRemoved>(`${PATH}/${encodeURIComponent(id)}`, {
        method: 'DELETE',
        body: { reason },
      }),
    onSettled: refresh,
  });
}
