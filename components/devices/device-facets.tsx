'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { FacetsPanel } from '@/components/data-table/facets-panel';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { deviceFacetsQuery } from './device-queries';
import { type AppNames, countedNote, DEVICE_FACET_NAMES, prepareDeviceFacets } from './prepare-device-facets';
import type { DeviceFilterControl } from './use-device-filter';

export interface DeviceFacetsProps {
  control: DeviceFilterControl;
  apps: AppNames;
}

/** The facets of the device list, each value with its count. */
export function DeviceFacets({ control, apps }: DeviceFacetsProps) {
  const query = useQuery(deviceFacetsQuery(control.filter));
  const { selected } = control;
  const groups = useMemo(() => prepareDeviceFacets(query.data, selected, apps), [query.data, selected, apps]);
  const note = query.data && countedNote(query.data.counted);
  return (
    <>
      <FacetsPanel
        groups={groups}
        selected={selected}
        onToggle={(facet, value) => {
          const known = DEVICE_FACET_NAMES.find((name) => name === facet);
          if (known !== undefined) control.toggle(known, value);
        }}
        onClear={control.clear}
        loading={query.isPending}
      />
      {note ? <p className="mt-3 text-faint text-sm">{note}</p> : null}
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
