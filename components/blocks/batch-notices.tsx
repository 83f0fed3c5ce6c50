'use client';

import { useQuery } from '@tanstack/react-query';
import { toApiError } from '@/components/query/api-error';
import { Notice } from '@/components/ui/notice';
import { BatchNotice } from './batch-notice';
import { ChangeProof } from './change-proof';
import { batchQuery, unfinishedQuery } from './decision-queries';

export interface BatchNoticesProps {
  /** The act that the list is narrowed to. */
  shown: string | null;
  onMoved: (seq: number) => void;
}

/** The act that the list is narrowed to, and every one that is not finished. */
export function BatchNotices({ shown, onMoved }: BatchNoticesProps) {
  const unfinished = useQuery(unfinishedQuery());
  const others = unfinished.data?.batches.filter(({ id }) => id !== shown) ?? [];
  return (
    <>
      {shown === null ? null : <ShownBatch id={shown} onMoved={onMoved} />}
      {others.map((batch) => (
        <BatchNotice key={batch.id} batch={batch} onMoved={onMoved} />
      ))}
    </>
  );
}

function ShownBatch({ id, onMoved }: { id: string; onMoved: (seq: number) => void }) {
  const query = useQuery(batchQuery(id));
  if (query.data !== undefined) {
    return <BatchNotice batch={query.data} onMoved={onMoved} />;
  }
  return query.isError ? (
    <Notice tone="rejected">The act could not be loaded: {toApiError(query.error).message}</Notice>
  ) : null;
}

/** Proof of the change that was made here last, or else of the last one of the act that the list is narrowed to. */
export function LastProof({ seq, batchId }: { seq: number | undefined; batchId: string | null }) {
  const batch = useQuery({ ...batchQuery(batchId ?? ''), enabled: batchId !== null });
  const shown = seq ?? (batchId === null ? null : (batch.data?.seq ?? null));
  return shown === null ? null : <ChangeProof key={shown} seq={shown} />;
}
