'use client';

import { useMemo } from 'react';
import { useFacets, useUrlText } from '@/components/query/url-state';
import type { DeviceFacet, Facet } from '@/lib/contracts';
import type { DeviceFilter } from './device-filter';

const URL_FACETS = ['app', 'verdict', 'platform'] as const satisfies readonly Facet[];
const BLOCKED_VALUES = ['true', 'false'] as const;

/** What the list is narrowed to, kept in the URL, and how to change it. */
export interface DeviceFilterControl {
  filter: DeviceFilter;
  /** The same by facet. */
  selected: Readonly<Record<DeviceFacet, readonly string[]>>;
  search: (text: string) => void;
  toggle: (facet: DeviceFacet, value: string) => void;
  /** Takes off the search and every facet. */
  clear: () => void;
}

/** The filter of the page, from its URL. */
export function useDeviceFilter(): DeviceFilterControl {
  const [q, setQ] = useUrlText('q');
  const [blockedText, setBlocked] = useUrlText('blocked', 'push');
  const facets = useFacets(URL_FACETS);
  const filter = useMemo(
    (): DeviceFilter => ({
      q: q ?? '',
      app: facets.selected.app ?? [],
      verdict: facets.selected.verdict ?? [],
      platform: facets.selected.platform ?? [],
      blocked: BLOCKED_VALUES.find((value) => value === blockedText) ?? null,
    }),
    [q, facets.selected, blockedText],
  );
  const { app, verdict, platform, blocked } = filter;
  return {
    filter,
    selected: { app, verdict, platform, blocked: blocked === null ? [] : [blocked] },
    search: setQ,
    toggle: (facet, value) => {
      // A device is one or the other: choosing both is choosing neither.
      if (facet === 'blocked') setBlocked(blocked === value ? null : value);
      else facets.toggle(facet, value);
    },
    clear: () => {
      facets.clear();
      setQ(null);
      setBlocked(null);
    },
  };
}
