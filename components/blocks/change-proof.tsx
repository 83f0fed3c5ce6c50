'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { PropagationProof } from '@/components/console/propagation-proof';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { propagationQuery } from './block-queries';

/** Proof of one change: pending, then enforced, by the nodes' own acknowledgements. `children` says what was done. */
export function ChangeProof({ seq, children }: { seq: number; children?: ReactNode }) {
  const query = useQuery(propagationQuery(seq));
  if (query.isError && query.data === undefined) {
    return (
      <Notice
        tone="flagged"
        lead="committed"
        actions={
          <Button size="sm" onClick={() => void query.refetch()}>
            Ask again
          </Button>
        }
      >
        How many nodes enforce it is not known: {toApiError(query.error).message}
      </Notice>
    );
  }
  return <PropagationProof view={query.data}>{children}</PropagationProof>;
}
