'use client';

import {
  createParser,
  parseAsNativeArrayOf,
  parseAsString,
  parseAsStringLiteral,
  useQueryState,
  useQueryStates,
} from 'nuqs';
import { useCallback, useMemo } from 'react';
import type { Facet } from '@/lib/contracts';
import { useDefaultRange } from './default-range';
import { RANGE_NAMES, readRange, type TimeRange, writeRange } from './time-range';

const RANGE_PARSERS = {
  range: parseAsStringLiteral(RANGE_NAMES),
  from: parseAsString,
  to: parseAsString,
};

/** The time range of the page, kept in the URL; each choice is a step of the browser's history. */
export function useTimeRange(): [TimeRange, (range: TimeRange) => void] {
  const [params, setParams] = useQueryStates(RANGE_PARSERS, { history: 'push' });
  const usual = useDefaultRange();
  const range = useMemo(() => readRange(params, usual), [params, usual]);
  const setRange = useCallback(
    (next: TimeRange) => {
      setParams(writeRange(next)).catch(ignoreNavigationError);
    },
    [setParams],
  );
  return [range, setRange];
}

const LIST = parseAsNativeArrayOf(parseAsString).withDefault([]);

/** Values of one facet that the page is filtered by, kept in the URL: `?app=a&app=b`. */
export function useFacet(facet: Facet): [string[], (values: readonly string[]) => void] {
  const [values, setValues] = useQueryState(facet, LIST.withOptions({ history: 'push' }));
  const set = useCallback(
    (next: readonly string[]) => {
      setValues(next.length === 0 ? null : [...next]).catch(ignoreNavigationError);
    },
    [setValues],
  );
  return [values, set];
}

/** Every selected value of several facets at once. `facets` must be a constant. */
export function useFacets(facets: readonly Facet[]) {
  const parsers = useMemo(() => Object.fromEntries(facets.map((facet) => [facet, LIST])), [facets]);
  const [selected, setSelected] = useQueryStates(parsers, { history: 'push' });
  const toggle = useCallback(
    (facet: Facet, value: string) => {
      setSelected((current) => {
        const values = current[facet] ?? [];
        const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
        return { [facet]: next.length === 0 ? null : next };
      }).catch(ignoreNavigationError);
    },
    [setSelected],
  );
  const clear = useCallback(() => {
    setSelected(Object.fromEntries(facets.map((facet) => [facet, null]))).catch(ignoreNavigationError);
  }, [facets, setSelected]);
  return { selected, toggle, clear };
}

/** One optional text in the URL: the selected row, the search, a tab. `replace` makes no step in the history. */
export function useUrlText(
  name: string,
  history: 'push' | 'replace' = 'replace',
): [string | null, (value: string | null) => void] {
  const [value, setValue] = useQueryState(name, parseAsString.withOptions({ history }));
  const set = useCallback(
    (next: string | null) => {
      setValue(next === '' ? null : next).catch(ignoreNavigationError);
    },
    [setValue],
  );
  return [value, set];
}

const parseAsColumns = createParser<string[]>({
  parse: (text) => text.split(',').filter((name) => name !== ''),
  serialize: (names) => names.join(','),
  eq: (a, b) => a.join() === b.join(),
});

/** The columns that a table leaves out, kept in the URL as `hide=country,model`. */
export function useHiddenColumns(initially: readonly string[] = []) {
  return useQueryState('hide', parseAsColumns.withDefault([...initially]));
}

/** A superseded URL update rejects; the one that superseded it holds the state. */
function ignoreNavigationError(): void {}
