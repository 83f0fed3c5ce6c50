'use client';

import { Ban, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { deferred } from '@/components/ui/deferred';
import type { BlockTarget } from './block-dialog';
import { type BlockRights, covers } from './block-rights';
import { durationsFor } from './durations';

const BlockDialog = deferred(() => import('./block-dialog'));
const LiftDialog = deferred(() => import('./lift-dialog'));

export interface BlockControlProps {
  target: BlockTarget;
  rights: BlockRights;
  /** The block that is in force, by its id; `null` where there is none. */
  activeBlockId: string | null;
  /** Called when an act has committed, with its position in the change feed. */
  onChanged: (seq: number) => void;
}

/** The button that blocks a device, or lifts its block; it says so where the role permits neither. */
export function BlockControl({ target, rights, activeBlockId, onChanged }: BlockControlProps) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const durations = durationsFor(rights, target.appId);
  if (activeBlockId !== null) {
    if (!covers(rights.lift, target.appId)) {
      return <span className="self-center text-sm text-faint">A responder or admin can unblock it.</span>;
    }
    return (
      <>
        <Button onClick={() => setOpen(true)}>
          <ShieldCheck aria-hidden size={14} />
          Unblock device
        </Button>
        {open ? (
          <LiftDialog target={target} blockId={activeBlockId} onClose={close} onLifted={onChanged} />
        ) : null}
      </>
    );
  }
  if (durations.length === 0) {
    return <span className="self-center text-sm text-faint">Your role cannot block devices.</span>;
  }
  return (
    <>
      <Button variant="danger" onClick={() => setOpen(true)}>
        <Ban aria-hidden size={14} />
        Block device
      </Button>
      {open ? (
        <BlockDialog target={target} durations={durations} onClose={close} onBlocked={onChanged} />
      ) : null}
    </>
  );
}
