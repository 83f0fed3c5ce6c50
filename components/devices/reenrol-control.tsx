'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { deferred } from '@/components/ui/deferred';
import type { DeviceRow } from '@/lib/contracts';

const ReenrolDialog = deferred(() => import('./reenrol-dialog'));

export interface ReenrolControlProps {
  device: DeviceRow;
  /** Called when it has committed, with its position in the change feed. */
  onAsked: (seq: number) => void;
}

/** The button that has a device enrol anew. */
export function ReenrolControl({ device, onAsked }: ReenrolControlProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Re-enrol</Button>
      {open ? <ReenrolDialog device={device} onClose={() => setOpen(false)} onAsked={onAsked} /> : null}
    </>
  );
}
