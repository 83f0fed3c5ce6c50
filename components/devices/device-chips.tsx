'use client';

import { FilterChips } from '@/components/data-table/filter-chips';
import {
  type AppNames,
  DEVICE_FACET_NAMES,
  deviceFacetLabel,
  deviceFacetName,
} from './prepare-device-facets';
import type { DeviceFilterControl } from './use-device-filter';

export interface DeviceChipsProps {
  control: DeviceFilterControl;
  apps: AppNames;
}

/** What narrows the list, each to be taken off. */
export function DeviceChips({ control, apps }: DeviceChipsProps) {
  const { filter, selected, toggle, search, clear } = control;
  const chips = DEVICE_FACET_NAMES.flatMap((facet) =>
    selected[facet].map((value) => ({
      id: `${facet}=${value}`,
      facet: deviceFacetName(facet),
      value: deviceFacetLabel(facet, value, apps),
      onRemove: () => toggle(facet, value),
    })),
  );
  const searched =
    filter.q === '' ? [] : [{ id: 'q', facet: 'Search', value: filter.q, onRemove: () => search('') }];
  return <FilterChips chips={[...searched, ...chips]} onClear={clear} />;
}
