import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { apiFetch, type QueryParams, withParams } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type { Explanation, facetCountsSchema, VerdictSeries } from '@/lib/contracts';
import { type AttestationFilter, filterParams } from './attestation-filter';
import { type AttestationPage, withNewest } from './attestation-rows';

export type FacetCounts = z.infer<typeof facetCountsSchema>;

const PATH = '/api/console/attestations';
/** Rows that are read at once. */
export const PAGE_ROWS = 200;
/** How long rows that were scrolled past stay in memory. */
const OUT_OF_SIGHT_MS = 5_000;
/** How often counts are read again while the page is live. */
export const FIGURES_EVERY_MS = 5_000;

function readPage(params: QueryParams, cursor: string | undefined, signal?: AbortSignal) {
  return apiFetch<AttestationPage>(
    withParams(PATH, { ...params, cursor, limit: PAGE_ROWS }),
    signal === undefined ? {} : { signal },
  );
}

/**
 * The head of a filter's list: its newest rows, to which the live stream adds. Reading it again keeps what is loaded below,
 * unless more has happened meanwhile than one page holds.
 */
export function attestationHeadQuery(filter: AttestationFilter) {
  const params = filterParams(filter);
  return queryOptions({
    queryKey: [QUERY_ROOTS.attestationList, params] as const,
    queryFn: async ({ signal, client, queryKey }) => {
      const newest = await readPage(params, undefined, signal);
      return withNewest(client.getQueryData<AttestationPage>(queryKey), newest);
    },
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    // Rows that were told of between the server's reading of the page and its mounting are in no message any more.
    refetchOnMount: 'always',
  });
}

/** The page of a filter's list that begins at a cursor. History does not change; out of sight it is soon let go. */
export function attestationPageQuery(filter: AttestationFilter, cursor: string) {
  const params = filterParams(filter);
  return queryOptions({
    queryKey: [QUERY_ROOTS.attestationPages, params, cursor] as readonly unknown[],
    queryFn: ({ signal }) => readPage(params, cursor, signal),
    staleTime: 'static',
    gcTime: OUT_OF_SIGHT_MS,
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
