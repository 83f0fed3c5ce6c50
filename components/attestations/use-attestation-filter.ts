'use client';

import { useMemo } from 'react';
import { useDefaultRange } from '@/components/query/default-range';
import { usualRange } from '@/components/query/time-range';
import { useFacets, useTimeRange, useUrlText } from '@/components/query/url-state';
import type { Facet } from '@/lib/contracts';
import { type AttestationFilter, FACET_NAMES } from './attestation-filter';

/** What the page is narrowed to, kept in its URL, and how to change it. */
export interface FilterControl {
  filter: AttestationFilter;
  toggle: (facet: Facet, value: string) => void;
  search: (text: string) => void;
  zoom: (period: { fromMs: number; toMs: number }) => void;
  /** Goes back from a fixed period to the usual one, which ends now. */
  resetPeriod: () => void;
  /** Takes off every facet and the search; the period stays. */
  clear: () => void;
}

/** The filter of the page, from its URL. */
export function useAttestationFilter(): FilterControl {
  const usual = useDefaultRange();
  const [range, setRange] = useTimeRange();
  const { selected, toggle, clear } = useFacets(FACET_NAMES);
  const [q, setQ] = useUrlText('q');
  const filter = useMemo(() => ({ range, facets: selected, q: q ?? '' }), [range, selected, q]);
  return {
    filter,
    toggle,
    search: setQ,
    zoom: (period) => setRange({ kind: 'absolute', ...period }),
    resetPeriod: () => setRange(usualRange(usual)),
    clear: () => {
      clear();
      setQ(null);
    },
  };
}
