'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { Facet } from '@/lib/contracts';
import { useDefaultRange } from './default-range';
import { RANGE_NAMES, readRange, type TimeRange, writeRange } from './time-range';
import { type HistoryStep, UrlStore } from './url-store';

const url = new UrlStore({
  path: () => location.pathname,
  search: () => location.search,
  write: (search, step) => {
    const to = `${location.pathname}${search === '' ? '' : `?${search}`}${location.hash}`;
    if (step === 'push') history.pushState(null, '', to);
    else history.replaceState(null, '', to);
  },
});

/** Parameters of the page's URL by their names: the same object for as long as they are the same. */
function useUrlParams(names: readonly string[]): URLSearchParams {
  const path = usePathname();
  const routed = useSearchParams().toString();
  const text = useSyncExternalStore(
    url.subscribe,
    () => only(names, url.shown(path, routed)),
    () => only(names, routed),
  );
  useEffect(() => url.settle(path, routed), [path, routed]);
  return useMemo(() => new URLSearchParams(text), [text]);
}

function only(names: readonly string[], search: string): string {
  const entries = [...new URLSearchParams(search)].filter(([name]) => names.includes(name));
  return new URLSearchParams(entries).toString();
}

/** States a parameter once for each of the values. */
function put(params: URLSearchParams, name: string, values: readonly string[]): void {
  params.delete(name);
  for (const value of values) params.append(name, value);
}

const RANGE_PARAMS = ['range', 'from', 'to'] as const;

/** The time range of the page, kept in the URL; each choice is a step of the browser's history. */
export function useTimeRange(): [TimeRange, (range: TimeRange) => void] {
  const params = useUrlParams(RANGE_PARAMS);
  const usual = useDefaultRange();
  const range = useMemo(() => {
    const name = RANGE_NAMES.find((known) => known === params.get('range')) ?? null;
    return readRange({ range: name, from: params.get('from'), to: params.get('to') }, usual);
  }, [params, usual]);
  const setRange = useCallback((next: TimeRange) => {
    const stated = writeRange(next);
    url.set((now) => {
      for (const name of RANGE_PARAMS) put(now, name, stated[name] === null ? [] : [stated[name]]);
    }, 'push');
  }, []);
  return [range, setRange];
}

/** Values of one facet that the page is filtered by, kept in the URL: `?app=a&app=b`. */
export function useFacet(facet: Facet): [string[], (values: readonly string[]) => void] {
  const params = useUrlParams([facet]);
  const values = useMemo(() => params.getAll(facet), [params, facet]);
  const set = useCallback(
    (next: readonly string[]) => url.set((now) => put(now, facet, next), 'push'),
    [facet],
  );
  return [values, set];
}

/** Every selected value of several facets at once. `facets` must be a constant. */
export function useFacets(facets: readonly Facet[]) {
  const params = useUrlParams(facets);
  const selected = useMemo(
    (): Record<string, string[]> => Object.fromEntries(facets.map((facet) => [facet, params.getAll(facet)])),
    [facets, params],
  );
  const toggle = useCallback((facet: Facet, value: string) => {
    url.set((now) => {
      const values = now.getAll(facet);
      put(now, facet, values.includes(value) ? values.filter((one) => one !== value) : [...values, value]);
    }, 'push');
  }, []);
  const clear = useCallback(() => {
    url.set((now) => {
      for (const facet of facets) now.delete(facet);
    }, 'push');
  }, [facets]);
  return { selected, toggle, clear };
}

/** One optional text in the URL: the selected row, the search, a tab. `replace` makes no step in the history. */
export function useUrlText(
  name: string,
  history: HistoryStep = 'replace',
): [string | null, (value: string | null) => void] {
  const value = useUrlParams([name]).get(name);
  const set = useCallback(
    (next: string | null) =>
      url.set((now) => put(now, name, next === null || next === '' ? [] : [next]), history),
    [name, history],
  );
  return [value, set];
}

const NONE: readonly string[] = [];

/** The columns that a table leaves out, kept in the URL as `hide=country,model`. `initially` must be a constant. */
export function useHiddenColumns(
  initially: readonly string[] = NONE,
): [readonly string[], (hidden: readonly string[]) => void] {
  const text = useUrlParams(['hide']).get('hide');
  const hidden = useMemo(
    () => (text === null ? initially : text.split(',').filter((name) => name !== '')),
    [text, initially],
  );
  const setHidden = useCallback(
    (next: readonly string[]) => {
      const stated = next.join() === initially.join() ? [] : [next.join()];
      url.set((now) => put(now, 'hide', stated), 'replace');
    },
    [initially],
  );
  return [hidden, setHidden];
}
