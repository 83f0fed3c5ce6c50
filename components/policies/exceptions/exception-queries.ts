import { queryOptions } from '@tanstack/react-query';
import { apiFetch } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type { PolicyExceptions } from '@/lib/contracts';

/** Attestations make rules fail, and no act of anybody: how often it is asked whether they do. */
const RULES_EVERY_MS = 60_000;

/** What departs from the policies now. The live stream tells of every act that begins or ends one. */
export function exceptionsQuery() {
  return queryOptions({
    queryKey: [QUERY_ROOTS.policies, 'exceptions'] as const,
    queryFn: ({ signal }) => apiFetch<PolicyExceptions>('/api/console/policies/exceptions', { signal }),
    refetchInterval: RULES_EVERY_MS,
  });
}
