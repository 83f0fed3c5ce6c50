'use client';

import { useState } from 'react';
import { IncidentLink } from '@/components/console/incident-link';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { deferred } from '@/components/ui/deferred';
import { formatCount } from '@/components/ui/format';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import type { BlockBatch } from '@/lib/contracts';
import { batchStanding, batchWords } from './batch-words';
import { useBulkBlock, useUndoBatch } from './decision-queries';

const ConfirmDialog = deferred(() =>
  import('@/components/ui/confirm-dialog').then((module) => module.ConfirmDialog),
);

export interface BatchNoticeProps {
  batch: BlockBatch;
  /** Called with the position of the last change that was made. */
  onMoved: (seq: number) => void;
}

/** What a bulk act or an import did; where it was left half way, the way on; and its undo. */
export function BatchNotice({ batch: read, onMoved }: BatchNoticeProps) {
  const [asks, setAsks] = useState(false);
  const [step, setStep] = useState<BlockBatch>();
  const block = useBulkBlock(setStep);
  const undo = useUndoBatch(setStep);
  const isMine = block.isPending || undo.isPending;
  const batch = isMine ? (step ?? read) : read;
  const standing = batchStanding(batch, isMine);
  const moved = ({ seq }: BlockBatch) => {
    setAsks(false);
    if (seq !== null) onMoved(seq);
  };
  return (
    <>
      <Notice
        tone={standing.tone}
        lead={standing.lead}
        actions={
          <>
            {batch.mayGoOn && standing.isLeft ? (
              <Button size="sm" onClick={() => block.mutate({ begun: batch }, { onSuccess: moved })}>
                Go on with it
              </Button>
            ) : null}
            {batch.mayUndo && !isMine ? (
              <Button size="sm" onClick={() => setAsks(true)}>
                {batch.state === 'undoing' ? 'Undo the rest' : 'Undo it'}
              </Button>
            ) : null}
          </>
        }
      >
        {batchWords(batch)}{' '}
        <span className="text-dim">
          “{batch.reason}”, {batch.createdByName}, <Time at={batch.createdAt} />
          {batch.incident === null ? null : ', '}
          <IncidentLink incident={batch.incident} />.
        </span>
        {block.error === null || isMine ? null : (
          <span className="block text-rejected-text">{toApiError(block.error).message}</span>
        )}
      </Notice>
      {asks ? (
        <ConfirmDialog
          open
          onOpenChange={() => {
            if (!undo.isPending) setAsks(false);
          }}
          title="Undo this act?"
          blastRadius={{
            count: batch.blocked - batch.lifted,
            unit: batch.blocked - batch.lifted === 1 ? 'block' : 'blocks',
            consequence:
              'Those that were lifted meanwhile stay lifted. What was in force before stays in force.',
          }}
          act="Undo it"
          actPending={step === undefined ? 'Undoing…' : `${formatCount(step.lifted)} lifted…`}
          restores
          pending={undo.isPending}
          error={undo.error === null ? undefined : toApiError(undo.error)}
          onConfirm={(reason) => undo.mutate({ id: batch.id, reason }, { onSuccess: moved })}
        />
      ) : null}
    </>
  );
}
