import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { apiFetch, withParams } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type {
  Quarantine,
  QuarantineDraft,
  QuarantineEnd,
  QuarantinePreview,
  QuarantineReach,
} from '@/lib/contracts';

const PATH = '/api/console/quarantines';
const quarantinePath = (id: string) => `${PATH}/${encodeURIComponent(id)}`;
/** What a quarantine meets rises with the attestations. */
const COUNT_AGAIN_MS = 15_000;

/** Quarantines of an app, also those that have ended, newest first. */
export function quarantinesQuery(appId: string) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.policies, appId, 'quarantines'] as const,
    queryFn: ({ signal }) =>
      apiFetch<{ quarantines: Quarantine[] }>(withParams(PATH, { app: appId, state: 'all' }), { signal }),
  });
}

/** What a quarantine met since it began. */
export function effectQuery({ id, active }: Pick<Quarantine, 'id' | 'active'>) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.policies, 'quarantine-effect', id, active] as const,
    queryFn: ({ signal }) => apiFetch<QuarantineReach>(`${quarantinePath(id)}/effect`, { signal }),
    refetchInterval: active ? COUNT_AGAIN_MS : false,
  });
}

/** What a quarantine would have met in the last hour. */
export function reachQuery(about: QuarantinePreview) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.policies, 'quarantine-reach', about] as const,
    queryFn: ({ signal }) =>
      apiFetch<QuarantineReach>(`${PATH}/preview`, { method: 'POST', body: about, signal }),
    retry: false,
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

/** Demotes a signal. The answer says that it is committed: its `seq` leads to the proof of enforcement. */
export function useQuarantine() {
  return useAct((body: QuarantineDraft) => apiFetch<Quarantine>(PATH, { method: 'POST', body }));
}

/** Ends a quarantine before its time; its `endSeq` leads to the proof. */
export function useEndQuarantine() {
  return useAct(({ id, reason }: QuarantineEnd) =>
    apiFetch<Quarantine>(`${quarantinePath(id)}/end`, { method: 'POST', body: { reason } }),
  );
}
