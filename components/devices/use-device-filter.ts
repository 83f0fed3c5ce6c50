'use client';

import { useMemo } from 'react';
import { useFacets, useUrlText } from '@/components/query/url-state';
import type { Facet } from '@/lib/contracts';
import type { DeviceFilter } from './device-filter';

const OWN_FACETS = ['verdict', 'platform'] as const satisfies readonly Facet[];
const FACETS = ['app', ...OWN_FACETS] as const satisfies readonly Facet[];
export type DeviceFacet = (typeof OWN_FACETS)[number];

/** What the list is narrowed to, kept in the URL, and how to change it. */
export interface DeviceFilterControl {
  filter: DeviceFilter;
  search: (text: string) => void;
  toggle: (facet: DeviceFacet, value: string) => void;
  setBlocked: (blocked: DeviceFilter['blocked']) => void;
  /** Takes off what the page itself narrows; the apps of the top bar stay. */
  clear: () => void;
}

const BLOCKED_VALUES = ['true', 'false'] as const;

/** The filter of the page, from its URL. */
export function useDeviceFilter(): DeviceFilterControl {
  const [q, setQ] = useUrlText('q');
  const [blockedText, setBlocked] = useUrlText('blocked', 'push');
  const { selected, toggle } = useFacets(FACETS);
  const own = useFacets(OWN_FACETS);
  const filter = useMemo(
    (): DeviceFilter => ({
      q: q ?? '',
      app: selected.app ?? [],
      verdict: selected.verdict ?? [],
      platform: selected.platform ?? [],
      blocked: BLOCKED_VALUES.find((value) => value === blockedText) ?? null,
    }),
    [q, selected, blockedText],
  );
  const clear = () => {
    own.clear();
    setQ(null);
    setBlocked(null);
  };
  return { filter, search: setQ, toggle, setBlocked, clear };
}
