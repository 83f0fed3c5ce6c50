'use client';

import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { BulkBlock } from '@/components/blocks/bulk-block';
import { carryView } from '@/components/console/navigation';
import { PageHeader } from '@/components/console/page-header';
import { FacetsPlaceholder } from '@/components/data-table/facet-skeleton';
import { SearchField } from '@/components/data-table/search-field';
import { deviceParams, isNarrowed } from '@/components/devices/device-filter';
import { DevicesTable } from '@/components/devices/devices-table';
import type { AppNames } from '@/components/devices/prepare-device-facets';
import { useDeviceFilter } from '@/components/devices/use-device-filter';
import { deferred } from '@/components/ui/deferred';
import { SavedViewsMenu } from '@/components/views/saved-views-menu';

// Drawn by the server, but its script comes only where there is something to show.
const DeviceChips = deferred(
  () => import('@/components/devices/device-chips').then((module) => module.DeviceChips),
  { onServer: true },
);
const DeviceFacets = deferred(
  () => import('@/components/devices/device-facets').then((module) => module.DeviceFacets),
  { placeholder: FacetsPlaceholder },
);

export interface DevicesViewProps {
  apps: AppNames;
  mayWriteViews: boolean;
  /** Whether the signed-in person may block devices for long. */
  mayBlock: boolean;
}

/** The list of devices with its search and its facets. */
export function DevicesView({ apps, mayWriteViews, mayBlock }: DevicesViewProps) {
  const control = useDeviceFilter();
  const router = useRouter();
  const search = useSearchParams();
  return (
    <>
      <PageHeader
        title="Devices"
        description="Every app instance that has enrolled with hardware evidence, whatever the period."
        actions={
          <>
            <SavedViewsMenu page="devices" mayWrite={mayWriteViews} />
            <SearchField
              label="Search devices"
              placeholder="Id, reference, network or model"
              value={control.filter.q}
              onChange={control.search}
              className="min-w-44 flex-1 sm:w-72"
            />
          </>
        }
      />
      <div className="grid items-start gap-3 lg:grid-cols-[196px_minmax(0,1fr)] lg:gap-4">
        <div className="lg:sticky lg:top-14 lg:max-h-[calc(100dvh-4.5rem)] lg:overflow-y-auto lg:pr-1.5 lg:pb-4">
          <DeviceFacets control={control} apps={apps} />
        </div>
        <div className="grid min-w-0 gap-3">
          {isNarrowed(control.filter) ? <DeviceChips control={control} apps={apps} /> : null}
          <DevicesTable
            control={control}
            onOpen={(row) => router.push(carryView(`/devices/${row.id}`, search))}
            acts={
              mayBlock ? (
                <BulkBlock
                  query={() => ({ source: 'devices', ...deviceParams(control.filter) })}
                  onBlocked={(batch) => router.push(`/blocks?batch=${batch}`)}
                />
              ) : null
            }
            gettingStarted={
              <>
                <Link href="/apps" className="text-accent-text underline underline-offset-2">
                  Connect an app
                </Link>
                : a device appears here with its first evidence.
              </>
            }
          />
        </div>
      </div>
    </>
  );
}
