import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { apiFetch } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type {
  ApiKeyAct,
  ApiKeyActivation,
  ApiKeyCreation,
  ApiKeyDetail,
  ApiKeyEdit,
  ApiKeyRequirement,
  ApiKeyRetirement,
  ApiKeyRevocation,
  ApiKeyRotationRequest,
  ApiKeyStaging,
  apiKeyListSchema,
} from '@/lib/contracts';

const PATH = '/api/console/api-keys';
/** How often figures of use and adoption are read again. */
export const FIGURES_EVERY_MS = 10_000;

/** Every API key that the viewer may see, by app and name. */
export function keyListQuery() {
  return queryOptions({
    queryKey: [QUERY_ROOTS.apiKeys, 'list'] as const,
    queryFn: ({ signal }) => apiFetch<z.infer<typeof apiKeyListSchema>>(PATH, { signal }),
  });
}

/** One API key, with how devices adopt its versions. */
export function keyQuery(id: string) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.apiKeys, id] as const,
    queryFn: ({ signal }) => apiFetch<ApiKeyDetail>(`${PATH}/${encodeURIComponent(id)}`, { signal }),
  });
}

/** What each act on a key takes. */
interface Acts {
  rotate: Omit<ApiKeyRotationRequest, 'id'>;
  stage: Omit<ApiKeyStaging, 'id'>;
  activate: Omit<ApiKeyActivation, 'id'>;
  retire: Omit<ApiKeyRetirement, 'id'>;
  revoke: Omit<ApiKeyRevocation, 'id'>;
  requirement: Omit<ApiKeyRequirement, 'id'>;
}

/** Makes a key. The answer says that it is committed, not that it is in force: its `seq` leads to the proof. */
export function useCreateKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ApiKeyCreation) => apiFetch<ApiKeyAct>(PATH, { method: 'POST', body }),
    onSettled: () => client.invalidateQueries({ queryKey: [QUERY_ROOTS.apiKeys] }),
    // What was entered is a secret: it is not kept after the answer.
    gcTime: 0,
  });
}

/** Edits a key; the same holds. */
export function useEditKey(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Omit<ApiKeyEdit, 'id'>) =>
      apiFetch<ApiKeyAct>(`${PATH}/${encodeURIComponent(id)}`, { method: 'PUT', body }),
    onSettled: () => client.invalidateQueries({ queryKey: [QUERY_ROOTS.apiKeys] }),
    gcTime: 0,
  });
}

/** Does something to a key; the same holds. */
export function useKeyAct<Act extends keyof Acts>(id: string, act: Act) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Acts[Act]) =>
      apiFetch<ApiKeyAct>(`${PATH}/${encodeURIComponent(id)}/${act}`, {
        method: act === 'requirement' ? 'PUT' : 'POST',
        body,
      }),
    onSettled: () => client.invalidateQueries({ queryKey: [QUERY_ROOTS.apiKeys] }),
    gcTime: 0,
  });
}
