'use client';

import { timeRangeLabel } from '@/components/console/time-range-label';
import { FilterChips } from '@/components/data-table/filter-chips';
import { useTimeZone } from '@/components/ui/use-viewer';
import { activeValues, type FacetNames } from './prepare-facets';
import type { FilterControl } from './use-attestation-filter';

export interface AttestationChipsProps {
  control: FilterControl;
  names: FacetNames;
}

/** What narrows the page, a fixed period included, each to be taken off. */
export function AttestationChips({ control, names }: AttestationChipsProps) {
  const { filter, toggle, search, resetPeriod, clear } = control;
  const timeZone = useTimeZone();
  const period =
    filter.range.kind === 'absolute'
      ? [
          {
            id: 'period',
            facet: 'Period',
            value: timeRangeLabel(filter.range, timeZone),
            onRemove: resetPeriod,
          },
        ]
      : [];
  const searched =
    filter.q === '' ? [] : [{ id: 'q', facet: 'Search', value: filter.q, onRemove: () => search('') }];
  const chips = activeValues(filter, names).map(({ facet, facetLabel, value, label }) => ({
    id: `${facet}=${value}`,
    facet: facetLabel,
    value: label,
    onRemove: () => toggle(facet, value),
  }));
  return (
    <FilterChips
      chips={[...period, ...searched, ...chips]}
      {...(searched.length + chips.length === 0 ? {} : { onClear: clear })}
    />
  );
}
