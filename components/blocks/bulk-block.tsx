'use client';

import { Ban } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { deferred } from '@/components/ui/deferred';
import type { BulkParams } from './decision-queries';

const BulkBlockDialog = deferred(() => import('./bulk-block-dialog'));

export interface BulkBlockProps {
  /** The query as it stands when the button is pressed. */
  query: () => BulkParams;
  /** Called with the act's id when it is done. */
  onBlocked: (batchId: string) => void;
}

/** The button that blocks every device of a query. */
export function BulkBlock({ query, onBlocked }: BulkBlockProps) {
  const [asked, setAsked] = useState<BulkParams>();
  return (
    <>
      <Button
        variant="ghost"
        size="sm"
        aria-label="Block the devices of this query"
        onClick={() => setAsked(query())}
      >
        <Ban aria-hidden size={14} />
        <span className="max-sm:hidden">Block all</span>
      </Button>
      {asked === undefined ? null : (
        <BulkBlockDialog
          query={asked}
          onClose={() => setAsked(undefined)}
          onBlocked={({ id }) => {
            setAsked(undefined);
            onBlocked(id);
          }}
        />
      )}
    </>
  );
}
