'use client';

import { Check } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { CopyableId } from '@/components/ui/copy-button';
import { cx } from '@/components/ui/cx';
import { deferred } from '@/components/ui/deferred';
import { Time } from '@/components/ui/time';
import type { OriginDetail, RotationStep, RotationView } from '@/lib/contracts';
import { stateLabel } from './certificate-words';
import { type ShownStep, stepsOf } from './rotation-steps';

const StartDialog = deferred(() => import('./start-rotation-dialog'));
const StepDialog = deferred(() => import('./step-dialog'));

export interface RotationCardProps {
  origin: OriginDetail;
  mayWrite: boolean;
  /** Called with the change's position in the feed, where an act made one. */
  onActed: (seq: number | null) => void;
}

/** The rotation assistant: where the rotation stands, what comes next, and how many devices that would cut off. */
export function RotationCard({ origin, mayWrite, onActed }: RotationCardProps) {
  const [open, setOpen] = useState<'start' | RotationStep['step'] | null>(null);
  const { rotation, pinSet, lastChain } = origin;
  const done = (seq: number | null) => {
    setOpen(null);
    onActed(seq);
  };
  const canStart = pinSet !== null && pinSet.pins.length > 0 && lastChain !== null;
  return (
    <Card aria-label="Rotation">
      <CardHeader title="Rotation" note={rotation === null ? undefined : stateLabel(rotation.state)}>
        {rotation === null && mayWrite && canStart ? (
          <Button size="sm" onClick={() => setOpen('start')}>
            Rotate a pin
          </Button>
        ) : null}
      </CardHeader>
      {rotation === null ? (
        <p className="px-4 pb-4 text-dim">
          {canStart
            ? 'A rotation adds the new pin first, waits until devices hold it, and takes the old one away when the server has switched.'
            : 'A pin can be rotated once pins are published and the server’s chain was read.'}
        </p>
      ) : (
        <Assistant rotation={rotation} mayWrite={mayWrite} onStep={setOpen} />
      )}
      <PastRotations origin={origin} />
      {open === 'start' ? (
        <StartDialog origin={origin} onClose={() => setOpen(null)} onStarted={done} />
      ) : null}
      {open !== null && open !== 'start' && rotation !== null ? (
        <StepDialog
          originId={origin.id}
          host={origin.host}
          rotation={rotation}
          step={open}
          onClose={() => setOpen(null)}
          onDone={done}
        />
      ) : null}
    </Card>
  );
}

function Assistant({
  rotation,
  mayWrite,
  onStep,
}: {
  rotation: RotationView;
  mayWrite: boolean;
  onStep: (step: RotationStep['step']) => void;
}) {
  return (
    <div className="grid gap-3 px-4 pb-4">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3">
        <dt className="text-sm text-dim">old key</dt>
        <dd>
          <CopyableId value={rotation.oldPin} label="Copy the old pin" />
        </dd>
        <dt className="text-sm text-dim">new key</dt>
        <dd>
          <CopyableId value={rotation.newPin} label="Copy the new pin" />
        </dd>
      </dl>
      <ol className="grid gap-2">
        {stepsOf(rotation).map((step, index) => (
          <Step key={step.id} step={step} number={index + 1} />
        ))}
      </ol>
      {mayWrite ? (
        <div className="flex flex-wrap gap-2">
          {rotation.state === 'adopting' ? (
            <Button variant={rotation.isSafe ? 'primary' : 'danger'} onClick={() => onStep('switch')}>
              {rotation.isSafe ? 'Announce the switch' : 'Switch all the same'}
            </Button>
          ) : null}
          {rotation.state === 'confirmed' ? (
            <Button variant="primary" onClick={() => onStep('retire')}>
              Retire the old pin
            </Button>
          ) : null}
          <Button variant="ghost" onClick={() => onStep('cancel')}>
            Cancel the rotation
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function Step({ step, number }: { step: ShownStep; number: number }) {
  const isDone = step.status === 'done';
  return (
    <li
      className="grid grid-cols-[1.5rem_minmax(0,1fr)] gap-x-2"
      aria-current={step.status === 'current' ? 'step' : undefined}
    >
      <span
        aria-hidden
        className={cx(
          'grid size-5 place-items-center rounded-full border text-xs',
          isDone && 'border-trusted text-trusted-text',
          step.status === 'current' && 'border-accent text-accent-text',
          step.status === 'ahead' && 'text-faint',
        )}
      >
        {isDone ? <Check size={12} /> : number}
      </span>
      <span>
        <span className={cx('font-medium', step.status === 'ahead' && 'font-normal text-dim')}>
          {step.title}
          <span className="sr-only">{isDone ? ', done' : ''}</span>
        </span>
        <span className="block text-sm text-dim">{step.text}</span>
      </span>
    </li>
  );
}

function PastRotations({ origin }: { origin: OriginDetail }) {
  const past = origin.rotations.filter(({ state }) => state === 'finished' || state === 'cancelled');
  if (past.length === 0) return null;
  return (
    <ul className="border-t">
      {past.map((rotation) => (
        <li
          key={rotation.id}
          className="flex flex-wrap gap-x-2 border-b px-4 py-2 text-sm text-dim last:border-b-0"
        >
          <span className="text-ink">{stateLabel(rotation.state)}</span>
          {rotation.endedAt === null ? null : <Time at={rotation.endedAt} format="exact" />}
          <span>by {rotation.endedByName ?? 'nobody'}</span>
          {rotation.cutOffAtSwitch === null ? null : (
            <span>{rotation.cutOffAtSwitch} without the new pin at the switch</span>
          )}
        </li>
      ))}
    </ul>
  );
}
