import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { apiFetch, type QueryParams, withParams } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type { attestationPageSchema, Explanation, facetCountsSchema, VerdictSeries } from '@/lib/contracts';
import { type AttestationFilter, filterParams } from './attestation-filter';

export type AttestationPage = z.infer<typeof attestationPageSchema>;
export type FacetCounts = z.infer<typeof facetCountsSchema>;

const PATH = '/api/console/attestations';
/** Rows that are read at once. */
export const PAGE_ROWS = 100;
/** How often counts are read again while the page is live. */
export const FIGURES_EVERY_MS = 5_000;

function readPage(params: QueryParams, cursor: string | undefined, signal?: AbortSignal) {
  return apiFetch<AttestationPage>(
    withParams(PATH, { ...params, cursor, limit: PAGE_ROWS }),
    signal === undefined ? {} : { signal },
  );
}

/** The rows of a filter, newest first, page by page. */
export function attestationListQuery(filter: AttestationFilter) {
  const params = filterParams(filter);
  return infiniteQueryOptions({
    queryKey: [QUERY_ROOTS.attestationList, params] as const,
    queryFn: ({ pageParam, signal }) => readPage(params, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    // Rows that were told of between the server's reading of the page and its mounting are in no message any more.
    refetchOnMount: 'always',
  });
}

/** The newest rows of a filter as they are now, past the cache. */
export function readNewest(filter: AttestationFilter): Promise<AttestationPage> {
  return readPage(filterParams(filter), undefined);
}

/** What counts are made under: they know no single reference. */
function figureParams({ range, facets }: AttestationFilter): QueryParams {
  return filterParams({ range, facets, q: '' });
}

/** Minutes that the viewer's clock is ahead of UTC, so that buckets begin with the viewer's hours. */
function viewerOffset(): number {
  return -new Date().getTimezoneOffset();
}

/** How many attestations each value of each facet has, under the other facets. */
export function facetsQuery(filter: AttestationFilter) {
  const params = figureParams(filter);
  return queryOptions({
    queryKey: [QUERY_ROOTS.attestationFigures, 'facets', params] as const,
    queryFn: ({ signal }) => apiFetch<FacetCounts>(withParams(`${PATH}/facets`, params), { signal }),
    placeholderData: keepPreviousData,
  });
}

/** How the attestations of a filter are spread over its period. */
export function histogramQuery(filter: AttestationFilter) {
  const params = figureParams(filter);
  return queryOptions({
    queryKey: [QUERY_ROOTS.attestationFigures, 'histogram', params] as const,
    queryFn: ({ signal }) =>
      apiFetch<VerdictSeries>(withParams(`${PATH}/histogram`, { ...params, tz: viewerOffset() }), { signal }),
    placeholderData: keepPreviousData,
  });
}

/** One attestation, by id or reference, with everything that led to its verdict. */
export function explanationQuery(idOrReference: string) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.explanations, idOrReference] as const,
    queryFn: ({ signal }) =>
      apiFetch<Explanation>(`${PATH}/${encodeURIComponent(idOrReference)}`, { signal }),
  });
}

export type ExportFormat = 'csv' | 'ndjson';

/** Where the rows of a filter are had as one file. */
export function exportPath(filter: AttestationFilter, format: ExportFormat): string {
  return withParams(`${PATH}/export`, { ...filterParams(filter), format });
}
