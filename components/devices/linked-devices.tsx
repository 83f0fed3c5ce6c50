'use client';

import Link from 'next/link';
import { Badge } from '@/components/ui/badge';
import { Card, CardHeader } from '@/components/ui/card';
import { Time } from '@/components/ui/time';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { DeviceRow } from '@/lib/contracts';
import { deviceLabel } from './device-columns';

export interface LinkedDevicesProps {
  devices: readonly DeviceRow[];
  networkPrefix: string | null;
}

/** Other devices that were last seen on the same network. */
export function LinkedDevices({ devices, networkPrefix }: LinkedDevicesProps) {
  const note =
    networkPrefix === null ? undefined : (
      <Link
        href={`/devices?q=${encodeURIComponent(networkPrefix)}`}
        className="rounded-[4px] font-mono underline-offset-2 hover:underline"
      >
        {networkPrefix}
      </Link>
    );
  return (
    <Card aria-label="Devices on the same network">
      <CardHeader title="Same network" note={note} />
      {devices.length === 0 ? (
        <p className="px-4 pb-4 text-dim">
          {networkPrefix === null ? 'Its network is not known.' : 'No other device was last seen there.'}
        </p>
      ) : (
        <ul className="border-t">
          {devices.map((device) => (
            <li key={device.id} className="border-b last:border-b-0">
              <Link
                href={`/devices/${device.id}`}
                className="grid min-h-8 grid-cols-[5.5rem_minmax(0,1fr)_auto] items-center gap-x-3 px-4 hover:bg-raised/60 focus-visible:outline-offset-[-2px]"
              >
                <VerdictLabel verdict={device.verdict} />
                <span className="flex min-w-0 items-center gap-2">
                  <span className="truncate">{deviceLabel(device)}</span>
                  <span className="truncate text-sm text-faint max-sm:hidden">{device.appName}</span>
                  {device.blocked ? <Badge tone="rejected">blocked</Badge> : null}
                </span>
                <Time at={device.lastSeenAt} className="text-dim text-sm" />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
