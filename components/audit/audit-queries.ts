import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import type { z } from 'zod';
import { apiFetch, type QueryParams, withParams } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type { auditPageSchema } from '@/lib/contracts';

type AuditPage = z.infer<typeof auditPageSchema>;

const PAGE_ROWS = 50;

/** What the log is narrowed to, as the page's URL states it. */
export interface AuditFilter {
  action: string | null;
  targetKind: string | null;
  targetId: string | null;
  app: readonly string[];
}

function auditParams({ action, targetKind, targetId, app }: AuditFilter): QueryParams {
  const stated = Object.entries({ action, targetKind, targetId }).filter((entry) => entry[1] !== null);
  return Object.fromEntries([...stated, ...(app.length === 0 ? [] : [['app', app]])]);
}

/** The audit log as far as the signed-in person may read it, newest first, page by page. */
export function auditQuery(filter: AuditFilter) {
  const params = auditParams(filter);
  return infiniteQueryOptions({
    queryKey: [QUERY_ROOTS.audit, params] as const,
    queryFn: ({ pageParam, signal }) =>
      apiFetch<AuditPage>(
        withParams('/api/console/audit', { ...params, cursor: pageParam, limit: PAGE_ROWS }),
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}
