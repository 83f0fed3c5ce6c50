import {
  mutationOptions,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import type { z } from 'zod';
import { toApiError } from '@/components/query/api-error';
import { apiFetch, withParams } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import { notify } from '@/components/ui/toast-queue';
import type { SavedView, SaveView, savedViewListSchema } from '@/lib/contracts';
import type { ViewPage } from './view-address';

const PATH = '/api/console/views';
const STALE_MS = 60_000;

/** The views of a page: one's own, and those that others share. */
export function viewsQuery(page: ViewPage) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.views, page] as const,
    queryFn: ({ signal }) =>
      apiFetch<z.infer<typeof savedViewListSchema>>(withParams(PATH, { page }), { signal }),
    staleTime: STALE_MS,
    select: ({ views }) => views.filter((view) => view.page === page),
  });
}

function refresh(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: [QUERY_ROOTS.views] });
}

function create(view: SaveView): Promise<SavedView> {
  return apiFetch<SavedView>(PATH, { method: 'POST', body: view });
}

function createMutation(client: QueryClient) {
  return mutationOptions({ mutationFn: create, onSettled: () => refresh(client) });
}

function updateMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: ({ id, view }: { id: string; view: SaveView }) =>
      apiFetch<SavedView>(`${PATH}/${encodeURIComponent(id)}`, { method: 'PUT', body: view }),
    onSettled: () => refresh(client),
  });
}

/** What a view is made of, without what the server knows of it. */
export function contentOf({ page, name, query, shared }: SavedView): SaveView {
  return { page, name, query, shared };
}

/** Saves a deleted view anew; it fails where its name has been given to another meanwhile. */
async function restore(client: QueryClient, view: SavedView): Promise<void> {
  try {
    await create(contentOf(view));
    notify({ tone: 'done', title: `“${view.name}” is back` });
  } catch (error) {
    const description = toApiError(error).message;
    notify({ tone: 'failed', title: `“${view.name}” could not be brought back`, description });
  }
  await refresh(client);
}

function deleteMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: ({ id }: SavedView) =>
      apiFetch<unknown>(`${PATH}/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    // Here and not at the call: it is told also where the menu has been closed meanwhile.
    onSuccess: (_, view) =>
      notify({
        tone: 'done',
        title: `“${view.name}” was deleted`,
        description: view.shared ? 'Nobody sees it any more.' : undefined,
        action: { label: 'Undo', onAction: () => void restore(client, view) },
      }),
    onSettled: () => refresh(client),
  });
}

/** Saves a new view. */
export function useCreateView() {
  return useMutation(createMutation(useQueryClient()));
}

/** Changes a view of one's own. */
export function useUpdateView() {
  return useMutation(updateMutation(useQueryClient()));
}

/** Deletes a view of one's own, and offers to undo it. */
export function useDeleteView() {
  return useMutation(deleteMutation(useQueryClient()));
}
