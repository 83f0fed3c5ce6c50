import {
  keepPreviousData,
  mutationOptions,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { type KeysetPage, mergeHead } from '@/components/data-table/keyset-layout';
import { apiFetch, withParams } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type { CutOffView, DeviceErased, DeviceFacets, DeviceRow, DeviceView } from '@/lib/contracts';
import { type DeviceFilter, deviceParams } from './device-filter';

type DevicePage = KeysetPage<DeviceRow>;

const PATH = '/api/console/devices';
const PAGE_ROWS = 100;
/** Above this many rows the head of the list begins anew. */
const MOST_AT_HEAD = 400;
/** How long rows that were scrolled past stay in memory. */
const OUT_OF_SIGHT_MS = 5_000;

/** Last seen first; the id settles equal times, as in the API. */
const ORDER = {
  idOf: (row: DeviceRow) => row.id,
  compare: (a: DeviceRow, b: DeviceRow) =>
    b.lastSeenAt.localeCompare(a.lastSeenAt) || a.id.localeCompare(b.id),
};

/** The head of a filter's list: the devices seen last, or from `begin` on. Read again, it keeps what was scrolled to below it. */
export function deviceHeadQuery(filter: DeviceFilter, begin: string | null) {
  const params = { ...deviceParams(filter), ...(begin === null ? {} : { cursor: begin }) };
  return queryOptions({
    queryKey: [QUERY_ROOTS.devices, params] as const,
    queryFn: async ({ signal, client, queryKey }) => {
      const first = await apiFetch<DevicePage>(withParams(PATH, { ...params, limit: PAGE_ROWS }), { signal });
      return mergeHead(client.getQueryData<DevicePage>(queryKey), first, ORDER, MOST_AT_HEAD);
    },
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
}

/** The page of a filter's list that begins at a cursor. */
export function devicePageQuery(filter: DeviceFilter, cursor: string) {
  const params = deviceParams(filter);
  return queryOptions({
    queryKey: [QUERY_ROOTS.devices, params, cursor] as readonly unknown[],
    queryFn: ({ signal }) =>
      apiFetch<DevicePage>(withParams(PATH, { ...params, cursor, limit: PAGE_ROWS }), { signal }),
    gcTime: OUT_OF_SIGHT_MS,
    refetchOnWindowFocus: false,
  });
}

/** How many devices each value of each facet has, under the search and the other facets. */
export function deviceFacetsQuery(filter: DeviceFilter) {
  const params = deviceParams(filter);
  return queryOptions({
    queryKey: [QUERY_ROOTS.devices, 'facets', params] as const,
    queryFn: ({ signal }) => apiFetch<DeviceFacets>(withParams(`${PATH}/facets`, params), { signal }),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
}

/** One device with its history and its neighbours. */
export function deviceQuery(id: string) {
  return queryOptions({
    queryKey: [QUERY_ROOTS.device, id] as const,
    queryFn: ({ signal }) => apiFetch<DeviceView>(`${PATH}/${encodeURIComponent(id)}`, { signal }),
  });
}

/** What may hold rows of a device. */
const HOLDS_DEVICES = [
  QUERY_ROOTS.devices,
  QUERY_ROOTS.attestationList,
  QUERY_ROOTS.attestationPages,
  QUERY_ROOTS.explanations,
];

function eraseMutation(client: QueryClient) {
  return mutationOptions({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      apiFetch<DeviceErased>(`${PATH}/${encodeURIComponent(id)}`, { method: 'DELETE', body: { reason } }),
    onSuccess: () => {
      for (const root of HOLDS_DEVICES) client.removeQueries({ queryKey: [root] });
    },
  });
}

/** Erases what is stored of a device. Nothing shows it as done before the server has said so. */
export function useEraseDevice() {
  return useMutation(eraseMutation(useQueryClient()));
}

/** Has a device enrol anew. The answer says that it is committed: its `seq` leads to the proof that its tokens are refused. */
export function useForceReenrolment() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      apiFetch<CutOffView>(`${PATH}/${encodeURIComponent(id)}/reenrol`, { method: 'POST', body: { reason } }),
    onSettled: () => {
      for (const root of [QUERY_ROOTS.device, QUERY_ROOTS.cutOffs])
        void client.invalidateQueries({ queryKey: [root] });
    },
  });
}
