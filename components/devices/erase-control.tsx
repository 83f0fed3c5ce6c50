'use client';

import { Eraser } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { deferred } from '@/components/ui/deferred';
import type { DeviceErased, DeviceRow } from '@/lib/contracts';

const EraseDialog = deferred(() => import('./erase-dialog'));

export interface EraseControlProps {
  device: DeviceRow;
  /** Called when the server has erased it. */
  onErased: (erased: DeviceErased) => void;
}

/** The button that erases all that is stored of a device. */
export function EraseControl({ device, onErased }: EraseControlProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="danger" onClick={() => setOpen(true)}>
        <Eraser aria-hidden size={14} />
        Erase device
      </Button>
      {open ? <EraseDialog device={device} onClose={() => setOpen(false)} onErased={onErased} /> : null}
    </>
  );
}
