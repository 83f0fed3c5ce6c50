import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import type { z } from 'zod';
import { apiFetch, type QueryParams, withParams } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type {
  AllowDraft,
  BlockBatch,
  BlockDraft,
  BlockImport,
  BlockImported,
  BlockPreview,
  BlockPreviewQuery,
  BlockView,
  BulkBlock,
  BulkCount,
  BulkQuery,
  blockPageSchema,
  unfinishedBatchesSchema,
} from '@/lib/contracts';

type BlockPage = z.infer<typeof blockPageSchema>;

const PATH = '/api/console/blocks';
const PAGE_ROWS = 100;

/** What the list of blocks is narrowed to, as the page's URL states it. `state` is `all` for both. */
export interface BlockFilter {
  q: string;
  state: 'active' | 'ended' | 'all';
  scope: string | null;
  effect: string | null;
  origin: string | null;
  batch: string | null;
  /** The rule that decided. */
  rule: string | null;
  incident: string | null;
  app: readonly string[];
}

/** The filter as the parameters of the API. */
export function blockParams({ q, state, app, ...rest }: BlockFilter): QueryParams {
  const stated = Object.entries(rest).filter((entry) => entry[1] !== null);
  return {
    ...Object.fromEntries(stated),
    ...(q === '' ? {} : { q }),
    ...(state === 'all' ? {} : { state }),
    ...(app.length === 0 ? {} : { app }),
  };
}

/** Where the list of a filter is saved from. */
export function exportPath(filter: BlockFilter): string {
  return withParams(`${PATH}/export`, blockParams(filter));
}

/** Blocks, simulations and allowlist entries, newest first, page by page. */
export function blocksQuery(filter: BlockFilter) {
  const params = blockParams(filter);
  return infiniteQueryOptions({
    queryKey: [QUERY_ROOTS.blocks, params] as const,
    queryFn: ({ pageParam, signal }) =>
      apiFetch<BlockPage>(withParams(PATH, { ...params, cursor: pageParam, limit: PAGE_ROWS }), { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** What a decision would have met. Asked anew each time: the answer is what somebody acts on. */
export function previewQuery({ scope, target, appId, effect }: BlockPreviewQuery) {
  const params = { scope, target, effect, ...(appId === undefined ? {} : { appId }) };
  return queryOptions({
    queryKey: [QUERY_ROOTS.blockReach, params] as const,
    queryFn: ({ signal }) => apiFetch<BlockPreview>(withParams(`${PATH}/preview`, params), { signal }),
    gcTime: 0,
    retry: false,
  });
}

/** While somebody does an act in steps, and nobody tells this page. */
const STEPPING_MS = 3_000;
const isUnfinished = (batch: BlockBatch | undefined) => batch?.state === 'open' || batch?.state === 'undoing';

/** What a bulk act or an import has come to. */
export function batchQuery(id: string) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.blocks, 'batch', id] as const,
    queryFn: ({ signal }) => apiFetch<BlockBatch>(`${PATH}/bulk/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state }) => (isUnfinished(state.data) ? STEPPING_MS : false),
  });
}

/** Bulk acts that are under way, or were left half way, newest first. */
export function unfinishedQuery() {
  return queryOptions({
    queryKey: [QUERY_ROOTS.blocks, 'unfinished'] as const,
    queryFn: ({ signal }) => apiFetch<z.infer<typeof unfinishedBatchesSchema>>(`${PATH}/bulk`, { signal }),
    refetchInterval: ({ state }) => ((state.data?.batches.length ?? 0) > 0 ? STEPPING_MS : false),
  });
}

/** The query of a page, as its own list asks for it; the server holds it to `bulkQuerySchema`. */
export type BulkParams = QueryParams & { source: BulkQuery['source'] };

/** How many devices a bulk block of a query would concern. */
export function bulkCountQuery(query: BulkParams) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.blockReach, query] as const,
    queryFn: ({ signal }) =>
      apiFetch<BulkCount>(`${PATH}/bulk/count`, { method: 'POST', body: { query }, signal }),
    gcTime: 0,
    retry: false,
  });
}

/** A decision as the form states it. */
export type DecisionDraft = BlockDraft | (AllowDraft & { effect: 'allow' });

const SHOWN = [QUERY_ROOTS.blocks, QUERY_ROOTS.device, QUERY_ROOTS.devices, QUERY_ROOTS.overview];

/** Reads again whatever shows blocks. */
function useRefresh() {
  const client = useQueryClient();
  return () => {
    for (const root of SHOWN) void client.invalidateQueries({ queryKey: [root] });
  };
}

/** Puts a decision in force; the answer says that it is committed, not that it is enforced. */
export function useDecide() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (draft: DecisionDraft) => {
      if (draft.effect !== 'allow') return apiFetch<BlockView>(PATH, { method: 'POST', body: draft });
      const { effect: _, ...body } = draft;
      return apiFetch<BlockView>(`${PATH}/allow`, { method: 'POST', body });
    },
    onSettled: refresh,
  });
}

/** Puts a list in force. */
export function useImport() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: BlockImport) => apiFetch<BlockImported>(`${PATH}/import`, { method: 'POST', body }),
    onSettled: refresh,
  });
}

/** Blocks what an act has not come to, step by step, and tells of each. */
async function stepOn(begun: BlockBatch, onStep: (batch: BlockBatch) => void): Promise<BlockBatch> {
  let batch = begun;
  onStep(batch);
  while (batch.state === 'open') {
    batch = await apiFetch<BlockBatch>(`${PATH}/bulk/${encodeURIComponent(batch.id)}/step`, {
      method: 'POST',
      body: {},
    });
    onStep(batch);
  }
  return batch;
}

/** A bulk block that is to begin, or one that was begun. */
export type BulkWish = { begun: BlockBatch } | { wish: Omit<BulkBlock, 'query'> & { query: BulkParams } };

/** Blocks the devices of a query step by step. What was begun can be gone on with and undone, at any time. */
export function useBulkBlock(onStep: (batch: BlockBatch) => void) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (bulk: BulkWish) =>
      stepOn(
        'begun' in bulk
          ? bulk.begun
          : await apiFetch<BlockBatch>(`${PATH}/bulk`, { method: 'POST', body: bulk.wish }),
        onStep,
      ),
    onSettled: refresh,
  });
}

/** Lifts what a bulk act or an import made, step by step. */
export function useUndoBatch(onStep: (batch: BlockBatch) => void) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async ({ id, reason }: { id: string; reason: string }) => {
      for (;;) {
        const batch = await apiFetch<BlockBatch>(`${PATH}/bulk/${encodeURIComponent(id)}/undo`, {
          method: 'POST',
          body: { reason },
        });
        onStep(batch);
        if (batch.state === 'undone') return batch;
      }
    },
    onSettled: refresh,
  });
}
