import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { apiFetch, withParams } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type { attestationPageSchema, Overview } from '@/lib/contracts';
import { NEWEST_COUNT } from './newest-attestations';
import { type OverviewView, viewParams } from './overview-links';

/** Minutes that the viewer's clock is ahead of UTC, so that buckets begin with the viewer's hours. */
function viewerOffset(): number {
  return -new Date().getTimezoneOffset();
}

/** Everything that the overview shows of a period and some apps; the live stream has it read again. */
export function overviewQuery(view: OverviewView) {
  const params = viewParams(view);
  return queryOptions({
    queryKey: [QUERY_ROOTS.overview, params] as const,
    queryFn: ({ signal }) =>
      apiFetch<Overview>(withParams('/api/console/overview', { ...params, tz: viewerOffset() }), { signal }),
    placeholderData: keepPreviousData,
  });
}

/** The newest attestations of a view; the live stream puts those that come later into the cache. */
export function newestQuery(view: OverviewView) {
  const params = viewParams(view);
  return queryOptions({
    queryKey: [QUERY_ROOTS.attestationList, 'newest', params] as const,
    queryFn: ({ signal }) =>
      apiFetch<z.infer<typeof attestationPageSchema>>(
        withParams('/api/console/attestations', { ...params, limit: NEWEST_COUNT }),
        { signal },
      ),
    placeholderData: keepPreviousData,
  });
}
