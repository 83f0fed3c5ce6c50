'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { FacetsPanel } from '@/components/data-table/facets-panel';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { FACET_NAMES } from './attestation-filter';
import { FIGURES_EVERY_MS, facetsQuery } from './attestation-queries';
import { type FacetNames, prepareFacets } from './prepare-facets';
import type { FilterControl } from './use-attestation-filter';

export interface AttestationFacetsProps {
  control: FilterControl;
  names: FacetNames;
  /** Whether counts are read again every few seconds. */
  live: boolean;
}

/** The facets of the page, each value with its count. */
export function AttestationFacets({ control, names, live }: AttestationFacetsProps) {
  const query = useQuery({
    ...facetsQuery(control.filter),
    refetchInterval: live ? FIGURES_EVERY_MS : false,
  });
  const groups = useMemo(() => prepareFacets(query.data, names), [query.data, names]);
  return (
    <>
      <FacetsPanel
        groups={groups}
        selected={selectedOf(control)}
        onToggle={(facet, value) => {
          const known = FACET_NAMES.find((name) => name === facet);
          if (known !== undefined) control.toggle(known, value);
        }}
        onClear={control.clear}
        loading={query.isPending}
      />
      {query.isError && query.data === undefined ? (
        <div role="alert" className="mt-2 grid justify-items-start gap-2 text-sm text-dim">
          <p>The counts could not be loaded: {toApiError(query.error).message}</p>
          <Button size="sm" onClick={() => void query.refetch()}>
            Try again
          </Button>
        </div>
      ) : null}
    </>
  );
}

function selectedOf({ filter }: FilterControl): Record<string, readonly string[]> {
  return Object.fromEntries(FACET_NAMES.map((facet) => [facet, filter.facets[facet] ?? []]));
}
