'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { deferred } from '@/components/ui/deferred';
import { type BlockRights, covers } from './block-rights';

const DecisionDialog = deferred(() => import('./decision-dialog'));

export interface AllowControlProps {
  instanceId: string;
  appId: string;
  rights: BlockRights;
  /** Called when it has committed, with its position in the change feed. */
  onChanged: (seq: number) => void;
}

/** The button that puts a device on the allowlist; nothing where the role does not permit it. */
export function AllowControl({ instanceId, appId, rights, onChanged }: AllowControlProps) {
  const [open, setOpen] = useState(false);
  if (!covers(rights.allow, appId)) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Allow</Button>
      {open ? (
        <DecisionDialog
          apps={[]}
          rights={{ devices: [], wide: [], allow: rights.allow, lift: [] }}
          about={{ effect: 'allow', scope: 'instance', target: instanceId }}
          onClose={() => setOpen(false)}
          onDecided={onChanged}
        />
      ) : null}
    </>
  );
}
