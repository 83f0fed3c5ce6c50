import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { apiFetch, withParams } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type {
  ApiRegistered,
  ApiRegistration,
  AppRegistered,
  AppRegistration,
  AppView,
  ArchiveChange,
  ArchiveSettings,
  appListSchema,
  IntegrityChange,
  IntegritySettings,
  policyVersionsSchema,
  Retention,
  RetentionChange,
  RetentionEffect,
  RetentionProposal,
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

/** For how long an app's telemetry is kept. */
export function retentionQuery(id: string) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.apps, id, 'retention'] as const,
    queryFn: ({ signal }) => apiFetch<Retention>(retentionPath(id), { signal }),
  });
}

function retentionPath(id: string): string {
  return `${PATH}/${encodeURIComponent(id)}/retention`;
}

/** Asks what a change of the retention would delete, and whether it is allowed. Changes nothing. */
export function usePreviewRetention(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (proposal: RetentionProposal) =>
      apiFetch<RetentionEffect>(withParams(`${retentionPath(id)}/effect`, { ...proposal })),
    // It may have been refused because somebody else was faster.
    onError: () => refreshApps(client),
  });
}

/** Sets the retention. What is shown of it is the server's answer. */
export function useSetRetention(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: RetentionChange) => apiFetch<Retention>(retentionPath(id), { method: 'PUT', body }),
    onSuccess: (retention) => client.setQueryData(retentionQuery(id).queryKey, retention),
    onSettled: () => refreshApps(client),
  });
}

function integrityPath(id: string): string {
  return `${PATH}/${encodeURIComponent(id)}/integrity`;
}

/** How an app's Play Integrity verdicts are read, without secrets. */
export function integrityQuery(id: string) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.apps, id, 'integrity'] as const,
    queryFn: ({ signal }) => apiFetch<IntegritySettings>(integrityPath(id), { signal }),
    refetchInterval: COUNTS_EVERY_MS,
  });
}

/** Sets how they are read. Secrets go out with it, and never come back. `onSaved` is called also where the form is gone by then. */
export function useSetIntegrity(id: string, onSaved: (settings: IntegritySettings) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: IntegrityChange) =>
      apiFetch<IntegritySettings>(integrityPath(id), { method: 'PUT', body }),
    onSuccess: (settings) => {
      client.setQueryData(integrityQuery(id).queryKey, settings);
      onSaved(settings);
    },
    onSettled: () => refreshApps(client),
  });
}

function archivePath(id: string): string {
  return `${PATH}/${encodeURIComponent(id)}/evidence-archive`;
}

/** For how long an app's raw evidence is kept. */
export function archiveQuery(id: string) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.apps, id, 'evidence-archive'] as const,
    queryFn: ({ signal }) => apiFetch<ArchiveSettings>(archivePath(id), { signal }),
  });
}

/** Sets for how long it is kept. The same holds for `onSaved`. */
export function useSetArchive(id: string, onSaved: (settings: ArchiveSettings) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ArchiveChange) => apiFetch<ArchiveSettings>(archivePath(id), { method: 'PUT', body }),
    onSuccess: (settings) => {
      client.setQueryData(archiveQuery(id).queryKey, settings);
      onSaved(settings);
    },
    onSettled: () => refreshApps(client),
  });
}
