import { queryOptions } from '@tanstack/react-query';
import { apiFetch } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type { PolicyEditor, PolicyStandings, PolicyVersionView } from '@/lib/contracts';

/** Where the routes of one app's policy begin. */
export const policyPath = (id: string) => `/api/console/apps/${encodeURIComponent(id)}/policies`;

/** How the policies of all apps that the viewer may see stand. */
export function policyStandingsQuery() {
  return queryOptions({
    queryKey: [QUERY_ROOTS.policies, 'standings'] as const,
    queryFn: ({ signal }) => apiFetch<PolicyStandings>('/api/console/policies', { signal }),
  });
}

/** What is in force, the draft, the open rollout, the inheritance and the settings of one app. */
export function policyEditorQuery(id: string) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.policies, id, 'editor'] as const,
    queryFn: ({ signal }) => apiFetch<PolicyEditor>(`${policyPath(id)}/editor`, { signal }),
  });
}

/** The newest versions of an app's policy, newest first. */
export function policyVersionsQuery(id: string) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.policies, id, 'versions'] as const,
    queryFn: ({ signal }) => apiFetch<{ versions: PolicyVersionView[] }>(policyPath(id), { signal }),
  });
}
