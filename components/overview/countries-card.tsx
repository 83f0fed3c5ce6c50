'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ChartCard } from '@/components/charts/chart-card';
import { greatestAndChosen } from '@/components/charts/filter-state';
import { prepareWorld } from '@/components/charts/world-map/prepare-world-map';
import { ShadeKey } from '@/components/charts/world-map/shade-key';
import { WorldMap } from '@/components/charts/world-map/world-map';
import { toApiError } from '@/components/query/api-error';
import { plural } from '@/components/ui/format';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import type { Overview } from '@/lib/contracts';
import { CountriesTable, countryOrigins } from './countries-table';
import { OriginList } from './origin-list';
import { outlinesQuery } from './overview-queries';
import type { ViewControl } from './use-overview-view';

const SHOWN = 8;

export interface CountriesCardProps {
  countries: Overview['countries'];
  control: Pick<ViewControl, 'view' | 'toggle'>;
}

/** The countries that attestations come from, as a map beside the greatest of them. A country filters the page. */
export function CountriesCard({ countries, control }: CountriesCardProps) {
  const known = countries.filter(({ country }) => country !== '');
  return (
    <ChartCard
      title="Countries"
      note="attestations · rejected"
      chart={
        <div className="grid lg:grid-cols-[minmax(0,1fr)_21rem]">
          <div className="grid content-between gap-3 px-4 pb-3">
            <CountriesMap countries={countries} control={control} />
            {known.length === 0 ? <NoCountry none={countries.length === 0} /> : <ShadeKey />}
          </div>
          <CountryLists countries={countries} control={control} />
        </div>
      }
      table={<CountriesTable countries={countries} view={control.view} />}
    />
  );
}

function CountriesMap({ countries, control }: CountriesCardProps) {
  const { data: outlines, error, refetch } = useQuery(outlinesQuery());
  const world = useMemo(
    () => (outlines === undefined ? undefined : prepareWorld(outlines, countries)),
    [outlines, countries],
  );
  if (outlines === undefined || world === undefined) {
    if (error === null) return <Skeleton className="aspect-[1920/829] h-auto w-full" />;
    return (
      <ErrorState
        title="The map could not be loaded"
        error={toApiError(error)}
        onRetry={() => void refetch()}
      />
    );
  }
  return (
    <WorldMap
      outlines={outlines}
      world={world}
      selected={control.view.facets.country ?? []}
      onToggle={(country) => control.toggle('country', country)}
    />
  );
}

/** The greatest countries, and below them what has none. */
function CountryLists({ countries, control }: CountriesCardProps) {
  const origins = countryOrigins(countries, control.view);
  const list = {
    selected: control.view.facets.country ?? [],
    onToggle: (country: string) => control.toggle('country', country),
  };
  const unknown = origins.filter(({ id }) => id === '');
  const known = origins.filter(({ id }) => id !== '');
  const more = known.length - greatestAndChosen(known, SHOWN, list.selected).length;
  return (
    <div className="grid content-start max-lg:border-t max-lg:pt-2 lg:border-l lg:-mt-2 lg:pt-2">
      {known.length === 0 ? null : (
        <OriginList {...list} label="Countries by attestations" count={SHOWN} origins={known} />
      )}
      {unknown.length === 0 ? null : (
        <div className="border-t pt-2 first:border-t-0">
          <OriginList {...list} label="Unknown country" count={1} origins={unknown} />
        </div>
      )}
      {more > 0 ? (
        <p className="px-4 pb-3 text-sm text-faint">
          {plural(more, 'more country', 'more countries')} {more === 1 ? 'is' : 'are'} in the table form.
        </p>
      ) : null}
    </div>
  );
}

function NoCountry({ none }: { none: boolean }) {
  return (
    <p className="text-sm text-dim">
      {none
        ? 'Nothing attested in this period. Choose a longer one above, or take a filter off.'
        : 'No country is known for these attestations: private and test addresses belong to none.'}
    </p>
  );
}
