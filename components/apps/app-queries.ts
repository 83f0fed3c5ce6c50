import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { apiFetch } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type {
  ApiRegistered,
  ApiRegistration,
  AppRegistered,
  AppRegistration,
  AppView,
  appListSchema,
  policyVersionsSchema,
} from '@/lib/contracts';

const PATH = '/api/console/apps';
/** How often the counts of the last day are read again. */
export const COUNTS_EVERY_MS = 30_000;

/** Every app that the viewer may see, by name. */
export function appListQuery() {
  return queryOptions({
    queryKey: [QUERY_ROOTS.apps, 'list'] as const,
    queryFn: ({ signal }) => apiFetch<z.infer<typeof appListSchema>>(PATH, { signal }),
  });
}

/** One app with its reference values, its policy in force and its protected APIs. */
export function appQuery(id: string) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.apps, id] as const,
    queryFn: ({ signal }) => apiFetch<AppView>(`${PATH}/${encodeURIComponent(id)}`, { signal }),
  });
}

/** The newest versions of an app's policy, newest first. */
export function policyVersionsQuery(id: string) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.apps, id, 'policies'] as const,
    queryFn: ({ signal }) =>
      apiFetch<z.infer<typeof policyVersionsSchema>>(`${PATH}/${encodeURIComponent(id)}/policies`, {
        signal,
      }),
  });
}

/** Reads again whatever names apps; done when that which is on the screen has come. */
function refreshApps(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: [QUERY_ROOTS.apps] });
}

/** Registers an app. The answer says that it is committed; its `seq` leads to the proof that it is in force. */
export function useRegisterApp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: AppRegistration) => apiFetch<AppRegistered>(PATH, { method: 'POST', body }),
    onSuccess: () => refreshApps(client),
  });
}

/** Registers a protected API; the same holds. */
export function useRegisterApi() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ApiRegistration) =>
      apiFetch<ApiRegistered>('/api/console/apis', { method: 'POST', body }),
    onSuccess: () => refreshApps(client),
  });
}
