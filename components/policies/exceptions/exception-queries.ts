import { queryOptions } from '@tanstack/react-query';
import { apiFetch } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type { PolicyExceptions } from '@/lib/contracts';

/** What departs from the policies now. The live stream tells of every act that begins or ends one: nothing polls. */
export function exceptionsQuery() {
  return queryOptions({
    queryKey: [QUERY_ROOTS.policies, 'exceptions'] as const,
    queryFn: ({ signal }) => apiFetch<PolicyExceptions>('/api/console/policies/exceptions', { signal }),
  });
}
