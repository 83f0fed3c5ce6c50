'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { deferred } from '@/components/ui/deferred';
import { formatCount, plural } from '@/components/ui/format';
import { Notice } from '@/components/ui/notice';
import type { BlockBatch } from '@/lib/contracts';
import { batchQuery, useUndoBatch } from './decision-queries';

const ConfirmDialog = deferred(() =>
  import('@/components/ui/confirm-dialog').then((module) => module.ConfirmDialog),
);

export interface BatchNoticeProps {
  id: string;
  mayUndo: boolean;
  /** Called with the position of the last change that was undone. */
  onUndone: (seq: number) => void;
}

/** What a bulk act or an import did, and its undo. */
export function BatchNotice({ id, mayUndo, onUndone }: BatchNoticeProps) {
  const query = useQuery(batchQuery(id));
  const [asks, setAsks] = useState(false);
  const [step, setStep] = useState<BlockBatch>();
  const undo = useUndoBatch(setStep);
  const batch = query.data;
  if (batch === undefined) return null;
  const left = batch.blocked - batch.lifted;
  return (
    <>
      <Notice
        tone={batch.state === 'open' ? 'flagged' : 'unknown'}
        lead={batch.state === 'open' ? 'not finished' : 'one act'}
        actions={
          mayUndo && batch.state !== 'undone' ? (
            <Button size="sm" onClick={() => setAsks(true)}>
              Undo it
            </Button>
          ) : undefined
        }
      >
        {batch.state === 'undone'
          ? `It was undone: ${plural(batch.lifted, 'block')} lifted.`
          : `${formatCount(batch.blocked)} of ${plural(batch.devices, 'target')} blocked; ${formatCount(batch.handled - batch.blocked)} were left as they were.`}
      </Notice>
      {asks ? (
        <ConfirmDialog
          open
          onOpenChange={() => {
            if (!undo.isPending) setAsks(false);
          }}
          title="Undo this act?"
          blastRadius={{
            count: left,
            unit: left === 1 ? 'block' : 'blocks',
            consequence:
              'Those that were lifted meanwhile stay lifted. What was in force before stays in force.',
          }}
          act="Undo it"
          actPending={step === undefined ? 'Undoing…' : `${formatCount(step.lifted)} lifted…`}
          restores
          pending={undo.isPending}
          error={undo.error === null ? undefined : toApiError(undo.error)}
          onConfirm={(reason) =>
            undo.mutate(
              { id, reason },
              {
                onSuccess: ({ seq }) => {
                  setAsks(false);
                  if (seq !== null) onUndone(seq);
                },
              },
            )
          }
        />
      ) : null}
    </>
  );
}
