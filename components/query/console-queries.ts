import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { NodesView, searchResultSchema } from '@/lib/contracts';
import { apiFetch, withParams } from './api-fetch';
import { QUERY_ROOTS } from './live-invalidation';

/** The service's nodes and where the change feed stands; the live stream keeps it current. */
export function nodesQuery() {
  return queryOptions({
    queryKey: [QUERY_ROOTS.nodes],
    queryFn: ({ signal }) => apiFetch<NodesView>('/api/console/nodes', { signal }),
  });
}

export type SearchResults = z.infer<typeof searchResultSchema>;

/** Shortest text that is worth asking the server for. */
export const SEARCH_MIN_LENGTH = 2;

/** Devices, references and apps that match a text. */
export function searchQuery(text: string) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.search, text],
    queryFn: ({ signal }) =>
      apiFetch<SearchResults>(withParams('/api/console/search', { q: text }), { signal }),
    enabled: text.length >= SEARCH_MIN_LENGTH,
    staleTime: 30_000,
  });
}
