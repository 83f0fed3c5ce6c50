'use client';

import { useId, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { ConfirmDialog, type ConfirmDialogProps } from '@/components/ui/confirm-dialog';
import { plural } from '@/components/ui/format';
import { Checkbox } from '@/components/ui/input';
import type { RotationStep, RotationView } from '@/lib/contracts';
import { useStepRotation } from './certificate-queries';

export interface StepDialogProps {
  originId: string;
  host: string;
  rotation: RotationView;
  step: RotationStep['step'];
  onClose: () => void;
  onDone: (seq: number | null) => void;
}

type Words = Pick<ConfirmDialogProps, 'title' | 'blastRadius' | 'act' | 'actPending' | 'restores'>;

const WORDS: Readonly<Record<RotationStep['step'], (host: string, rotation: RotationView) => Words>> = {
  switch: (host, { cutOffNow, isSafe, adoption }) => ({
    title: `Switch the key of ${host} now?`,
    blastRadius: {
      count: cutOffNow,
      unit: `of ${plural(adoption.devices, 'device')} would be cut off`,
      consequence:
        cutOffNow === 0
          ? 'Every one of them holds the new pin.'
          : 'They refuse the new key until they have fetched the new configuration.',
    },
    act: isSafe ? 'Announce the switch' : `Cut off ${plural(cutOffNow, 'device')}`,
    actPending: 'Announcing…',
    restores: isSafe,
  }),
  retire: (host) => ({
    title: `Retire the old pin of ${host}?`,
    blastRadius: {
      count: 1,
      unit: 'pin',
      consequence: 'Devices stop accepting the old key. The server presents the new one.',
    },
    act: 'Retire 1 pin',
    actPending: 'Retiring…',
    restores: true,
  }),
  cancel: (host) => ({
    title: `Cancel the rotation of ${host}?`,
    blastRadius: {
      count: 0,
      unit: 'pins change',
      consequence: 'Old and new pin both stay in the set. You can start again at any time.',
    },
    act: 'Cancel the rotation',
    actPending: 'Cancelling…',
  }),
};

/** Asks before a step of a rotation: what it cuts off, and why it is taken. */
export default function StepDialog({ originId, host, rotation, step, onClose, onDone }: StepDialogProps) {
  const id = useId();
  const [override, setOverride] = useState(false);
  const act = useStepRotation(originId);
  const error = act.error === null ? undefined : toApiError(act.error);
  const isRisky = (step === 'switch' && !rotation.isSafe) || error?.code === 'pins_unsafe';
  return (
    <ConfirmDialog
      open
      onOpenChange={() => {
        if (!act.isPending) onClose();
      }}
      {...WORDS[step](host, rotation)}
      reason={{ label: 'Reason', hint: 'Kept in the audit log.' }}
      pending={act.isPending}
      error={error}
      onConfirm={(reason) =>
        act.mutate(
          { rotationId: rotation.id, step, reason, override },
          { onSuccess: ({ seq }) => onDone(seq) },
        )
      }
    >
      {isRisky ? (
        <label htmlFor={id} className="flex items-center gap-2.5">
          <Checkbox id={id} checked={override} onChange={(event) => setOverride(event.target.checked)} />
          Go on all the same
        </label>
      ) : null}
    </ConfirmDialog>
  );
}
