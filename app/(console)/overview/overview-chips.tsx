'use client';

import { activeValues, type FacetNames } from '@/components/attestations/prepare-facets';
import { FilterChips } from '@/components/data-table/filter-chips';
import { PAGE_FACETS } from '@/components/overview/overview-links';
import { networkWords } from '@/components/overview/overview-words';
import type { ViewControl } from '@/components/overview/use-overview-view';
import type { Facet } from '@/lib/contracts';

export interface OverviewChipsProps {
  control: Pick<ViewControl, 'view' | 'toggle' | 'clear'>;
  names: FacetNames;
}

const ON_THE_PAGE: ReadonlySet<Facet> = new Set(PAGE_FACETS);

/** What the page is filtered by besides the app, each to be taken off. */
export function OverviewChips({ control, names }: OverviewChipsProps) {
  const { view, toggle, clear } = control;
  const chips = activeValues(view, names)
    .filter(({ facet }) => ON_THE_PAGE.has(facet))
    .map(({ facet, facetLabel, value, label }) => ({
      id: `${facet}=${value}`,
      facet: facetLabel,
      value: facet === 'network' ? networkWords(value).label : label,
      onRemove: () => toggle(facet, value),
    }));
  return <FilterChips chips={chips} onClear={clear} />;
}
