import {
  mutationOptions,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { isSettled } from '@/components/console/propagation-summary';
import { apiFetch } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type { BlockRequest, BlockView, PropagationView } from '@/lib/contracts';

const ASK_AGAIN_MS = 1_000;

/**
 * How far a change got. It is read once; the live stream puts each acknowledgement into the cache, and until every node
 * enforces it, it is asked for once a second in case the stream is away.
 */
export function propagationQuery(seq: number) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.propagation, seq] as const,
    queryFn: ({ signal }) => apiFetch<PropagationView>(`/api/console/changes/${seq}`, { signal }),
    refetchInterval: ({ state }) =>
      state.data !== undefined && isSettled(state.data) ? false : ASK_AGAIN_MS,
  });
}

/** What shows whether a device is blocked. */
const SHOWS_BLOCKS = [
  QUERY_ROOTS.device,
  QUERY_ROOTS.devices,
  QUERY_ROOTS.blocks,
  QUERY_ROOTS.explanations,
  QUERY_ROOTS.overview,
];

/** Reads again whatever shows blocks; nobody waits for it, so that the proof is shown at once. */
function refresh(client: QueryClient): void {
  for (const root of SHOWS_BLOCKS) void client.invalidateQueries({ queryKey: [root] });
}

function blockMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: ({ instanceId, ...decision }: BlockRequest) =>
      apiFetch<BlockView>('/api/console/blocks', {
        method: 'POST',
        body: {
          scope: 'instance',
          target: instanceId,
          appId: null,
          effect: 'refuse',
          ...decision,
        },
      }),
    onSettled: () => refresh(client),
  });
}

function liftMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: ({ blockId, reason }: { blockId: string; reason: string }) =>
      apiFetch<BlockView>(`/api/console/blocks/${encodeURIComponent(blockId)}/lift`, {
        method: 'POST',
        body: { reason },
      }),
    onSettled: () => refresh(client),
  });
}

/** Blocks a device. The answer says that it is committed, not that it is enforced: that is `propagationQuery`'s. */
export function useBlockDevice() {
  return useMutation(blockMutation(useQueryClient()));
}

/** Lifts a block; the same holds. */
export function useLiftBlock() {
  return useMutation(liftMutation(useQueryClient()));
}
