'use client';

import { useMemo } from 'react';
import { useFacet, useFacets, useTimeRange } from '@/components/query/url-state';
import type { Facet, Verdict } from '@/lib/contracts';
import { isNarrowed, type OverviewView, PAGE_FACETS } from './overview-links';
import { useZoom, type Zoom } from './use-zoom';

/** What the page looks at, kept in its URL, and how to change it. */
export interface ViewControl extends Zoom {
  view: OverviewView;
  /** Filters by a value, or takes it off. */
  toggle: (facet: Facet, value: string) => void;
  /** Shows one verdict alone, or all again where it already is alone. */
  isolate: (verdict: Verdict) => void;
  /** Takes off every facet but the app; the period stays. */
  clear: () => void;
  narrowed: boolean;
}

/** The period, the apps and the facets of the page, from its URL. */
export function useOverviewView(): ViewControl {
  const [range, setRange] = useTimeRange();
  const [apps] = useFacet('app');
  const [verdicts, setVerdicts] = useFacet('verdict');
  const { selected, toggle, clear } = useFacets(PAGE_FACETS);
  const zoom = useZoom(range, setRange);
  const view = useMemo(() => ({ range, apps, facets: selected }), [range, apps, selected]);
  return {
    view,
    ...zoom,
    toggle,
    isolate: (verdict) => setVerdicts(verdicts.length === 1 && verdicts[0] === verdict ? [] : [verdict]),
    clear,
    narrowed: isNarrowed(view),
  };
}
