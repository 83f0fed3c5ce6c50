'use client';

import { useRouter, useSearchParams } from 'next/navigation';
import { carryView } from '@/components/console/navigation';
import { deviceLabel } from '@/components/devices/device-columns';
import { EraseControl } from '@/components/devices/erase-control';
import { erasedText } from '@/components/devices/erase-words';
import { Card, CardHeader } from '@/components/ui/card';
import { notify } from '@/components/ui/toast-queue';
import type { DeviceRow } from '@/lib/contracts';

/** Where all that is stored of a device can be erased; afterwards there is no page to be on. */
export function EraseCard({ device }: { device: DeviceRow }) {
  const router = useRouter();
  const search = useSearchParams();
  return (
    <Card aria-label="Erase">
      <CardHeader title="Erase">
        <EraseControl
          device={device}
          onErased={({ erased }) => {
            notify({
              tone: 'done',
              title: `${deviceLabel(device)} was erased`,
              description: erasedText(erased),
            });
            router.replace(carryView('/devices', search));
          }}
        />
      </CardHeader>
      <p className="px-4 pb-3 text-dim">
        Removes what is stored of this device, for its owner’s right to be forgotten. To keep it out, block
        it.
      </p>
    </Card>
  );
}
