import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { apiFetch, withParams } from '@/components/query/api-fetch';
import { QUERY_ROOTS } from '@/components/query/live-invalidation';
import type { DeviceView, devicePageSchema } from '@/lib/contracts';
import { type DeviceFilter, deviceParams } from './device-filter';

type DevicePage = z.infer<typeof devicePageSchema>;

const PATH = '/api/console/devices';
const PAGE_ROWS = 100;

/** The devices of a filter, last seen first, page by page. */
export function deviceListQuery(filter: DeviceFilter) {
  const params = deviceParams(filter);
  return infiniteQueryOptions({
    queryKey: [QUERY_ROOTS.devices, params] as const,
    queryFn: ({ pageParam, signal }) =>
      apiFetch<DevicePage>(withParams(PATH, { ...params, cursor: pageParam, limit: PAGE_ROWS }), { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
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
