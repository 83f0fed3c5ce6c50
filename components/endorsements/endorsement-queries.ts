import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { apiFetch } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type {
  EndorsementDone,
  EndorsementsView,
  ListAgeInput,
  TeamKeyInput,
  TeamKeyRemoval,
} from '@/lib/contracts';

const PATH = '/api/console/endorsements';
const READ_AGAIN_MS = 10_000;

/** Anchors, the list of revoked keys, and who may ask Apple about receipts. */
export function endorsementsQuery() {
  return queryOptions({
    queryKey: [QUERY_ROOTS.endorsements] as const,
    queryFn: ({ signal }) => apiFetch<EndorsementsView>(PATH, { signal }),
    refetchInterval: READ_AGAIN_MS,
  });
}

function useRefresh(): () => void {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: [QUERY_ROOTS.endorsements] });
}

/** Asks the service to look for a new list now. */
export function useCheckList() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () => apiFetch<EndorsementDone>(`${PATH}/status-list/check`, { method: 'POST', body: {} }),
    onSettled: refresh,
  });
}

/** Sets how old the list may be. */
export function useSetListAge() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: ListAgeInput) =>
      apiFetch<EndorsementDone>(`${PATH}/status-list`, { method: 'PUT', body }),
    onSettled: refresh,
  });
}

const keyPath = (appId: string) => `/api/console/apps/${encodeURIComponent(appId)}/app-attest-key`;

/** Gives an app its team's key. */
export function useSetTeamKey(appId: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: TeamKeyInput) => apiFetch<EndorsementDone>(keyPath(appId), { method: 'PUT', body }),
    onSettled: refresh,
  });
}

/** Takes an app's key away. */
export function useRemoveTeamKey(appId: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: TeamKeyRemoval) =>
      apiFetch<EndorsementDone>(keyPath(appId), { method: 'DELETE', body }),
    onSettled: refresh,
  });
}
