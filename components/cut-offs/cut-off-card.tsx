'use client';

import { useQuery } from '@tanstack/react-query';
import { Scissors } from 'lucide-react';
import { useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { deferred } from '@/components/ui/deferred';
import { plural } from '@/components/ui/format';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { Time } from '@/components/ui/time';
import type { CutOffs, CutOffView } from '@/lib/contracts';
import { type CutOffTarget, cutOffsQuery } from './cut-off-queries';

const CutOffDialog = deferred(() => import('./cut-off-dialog'));

/** Earlier ones have no effect beside the latest; some of them tell what happened. */
const SHOWN = 3;

export interface CutOffCardProps {
  target: CutOffTarget;
  title: string;
  /** Whose tokens: "of Retail Bank". */
  whose: string;
  mayCutOff: boolean;
  /** Called when one has committed. */
  onMade: (cutOff: CutOffView) => void;
}

/** How the tokens of a target are cut off, and where another cut-off is made. */
export function CutOffCard({ target, title, whose, mayCutOff, onMade }: CutOffCardProps) {
  const [open, setOpen] = useState(false);
  const query = useQuery(cutOffsQuery(target));
  return (
    <Card aria-label={title}>
      <CardHeader title={title}>
        {mayCutOff ? (
          <Button variant="danger" size="sm" onClick={() => setOpen(true)}>
            <Scissors aria-hidden size={14} />
            Cut off tokens
          </Button>
        ) : null}
      </CardHeader>
      {query.data !== undefined ? (
        <Standing {...query.data} />
      ) : query.isError ? (
        <ErrorState
          title="Cut-offs could not be loaded"
          error={toApiError(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <SkeletonRows rows={2} label="Loading cut-offs…" />
      )}
      {open ? (
        <CutOffDialog target={target} whose={whose} onClose={() => setOpen(false)} onMade={onMade} />
      ) : null}
    </Card>
  );
}

function Standing({ cutOffs, devices }: CutOffs) {
  return (
    <>
      <p className="px-4 pb-3 text-dim">
        {plural(devices, 'device')} {devices === 1 ? 'holds' : 'hold'} a token.{' '}
        {cutOffs.length === 0 ? 'None was ever cut off.' : null}
      </p>
      {cutOffs.length === 0 ? null : (
        <ul className="border-t">
          {cutOffs.slice(0, SHOWN).map((cutOff, index) => (
            <li key={cutOff.id} className="grid gap-0.5 border-b px-4 py-2 last:border-b-0">
              <p>
                {index === 0 ? 'Refused: what was issued before ' : 'Before that: '}
                <Time at={cutOff.notBefore} format="exact" />
              </p>
              <p className="text-sm text-dim">
                by {cutOff.createdByName}, <Time at={cutOff.createdAt} />: “{cutOff.reason}”
              </p>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
