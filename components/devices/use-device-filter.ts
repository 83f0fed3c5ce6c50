'use client';

import { useMemo } from 'react';
import { useFacets, useUrlText } from '@/components/query/url-state';
import type { DeviceFacet } from '@/lib/contracts';
import { type DeviceFilter, LIST_FACETS } from './device-filter';

const BLOCKED_VALUES = ['true', 'false'] as const;

/** What the list is narrowed to, kept in the URL, and how to change it. */
export interface DeviceFilterControl {
  filter: DeviceFilter;
  /** The same by facet. */
  selected: Readonly<Record<DeviceFacet, readonly string[]>>;
  /** Where the list begins, if not at the devices seen last: what was found after those that were looked through. */
  begin: string | null;
  /** Looks on from there; `null` goes back to the devices seen last. */
  beginAt: (cursor: string | null) => void;
  search: (text: string) => void;
  toggle: (facet: DeviceFacet, value: string) => void;
  /** Takes off the search and every facet. */
  clear: () => void;
}

/** The filter of the page, from its URL. Where it changes, the list begins anew. */
export function useDeviceFilter(): DeviceFilterControl {
  const [q, setQ] = useUrlText('q');
  const [blockedText, setBlocked] = useUrlText('blocked', 'push');
  const [begin, setBegin] = useUrlText('begin', 'push');
  const facets = useFacets(LIST_FACETS);
  const filter = useMemo((): DeviceFilter => {
    const of = (facet: (typeof LIST_FACETS)[number]) => facets.selected[facet] ?? [];
    return {
      q: q ?? '',
      app: of('app'),
      verdict: of('verdict'),
      platform: of('platform'),
      country: of('country'),
      osVersion: of('osVersion'),
      appVersion: of('appVersion'),
      blocked: BLOCKED_VALUES.find((value) => value === blockedText) ?? null,
    };
  }, [q, facets.selected, blockedText]);
  const { q: _, blocked, ...listed } = filter;
  return {
    filter,
    selected: { ...listed, blocked: blocked === null ? [] : [blocked] },
    begin,
    beginAt: setBegin,
    search: (text) => {
      setQ(text);
      setBegin(null);
    },
    toggle: (facet, value) => {
      // A device is one or the other: choosing both is choosing neither.
      if (facet === 'blocked') setBlocked(blocked === value ? null : value);
      else facets.toggle(facet, value);
      setBegin(null);
    },
    clear: () => {
      facets.clear();
      setQ(null);
      setBlocked(null);
      setBegin(null);
    },
  };
}
