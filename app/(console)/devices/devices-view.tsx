'use client';

import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { carryView } from '@/components/console/navigation';
import { PageHeader } from '@/components/console/page-header';
import { DeviceFilters } from '@/components/devices/device-filters';
import { DevicesTable } from '@/components/devices/devices-table';
import { useDeviceFilter } from '@/components/devices/use-device-filter';

/** The list of devices with its search and its filters. */
export function DevicesView() {
  const control = useDeviceFilter();
  const router = useRouter();
  const search = useSearchParams();
  return (
    <>
      <PageHeader
        title="Devices"
        description="Every app instance that has enrolled with hardware evidence, whatever the period."
      />
      <DeviceFilters control={control} />
      <DevicesTable
        control={control}
        onOpen={(row) => router.push(carryView(`/devices/${row.id}`, search))}
        gettingStarted={
          <>
            <Link href="/apps" className="text-accent-text underline underline-offset-2">
              Connect an app
            </Link>
            : a device appears here with its first evidence.
          </>
        }
      />
    </>
  );
}
