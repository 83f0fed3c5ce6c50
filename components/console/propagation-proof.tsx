'use client';

import type { ReactNode } from 'react';
import { percent } from '@/components/charts/plot-axes';
import { Card } from '@/components/ui/card';
import { Time } from '@/components/ui/time';
import { VerdictMark } from '@/components/ui/verdict-mark';
import type { PropagationView } from '@/lib/contracts';
import { PartiesProof } from './parties-proof';
import { propagationNodes, summarisePropagation } from './propagation-summary';

export interface PropagationProofProps {
  /** As the nodes acknowledged so far; `undefined` until the change has committed. */
  view: PropagationView | undefined;
  /** What was done, by whom and why, in one line. */
  children?: ReactNode;
}

/** Proof that a change took effect: `pending`, then "enforced on 3 of 3 nodes, 84 ms", node by node. Never optimistic. */
export function PropagationProof({ view, children }: PropagationProofProps) {
  const { mark, title, figure } = summarisePropagation(view);
  return (
    <Card>
      <div role="status" className="flex min-h-12 items-center gap-2.5 px-4">
        <VerdictMark verdict={mark} />
        <h2 className="flex-1 font-semibold">{title}</h2>
        {figure === null ? null : <span className="text-figure font-semibold">{figure}</span>}
      </div>
      {view === undefined ? null : (
        <ul className="grid grid-cols-[minmax(5rem,9rem)_1fr_auto] gap-x-4 px-4">
          {propagationNodes(view).map((node) => (
            <li key={node.nodeId} className="col-span-3 grid min-h-6 grid-cols-subgrid items-center">
              <code className="truncate font-mono text-sm">{node.nodeId}</code>
              <svg aria-hidden className="h-1.5 w-full">
                <rect width="100%" height="100%" rx="3" className="fill-raised" />
                {node.length === null ? null : (
                  <rect width={percent(node.length)} height="100%" rx="3" className="fill-trusted" />
                )}
              </svg>
              <span className="min-w-14 text-right text-dim">
                {node.text}
                {node.lagging ? (
                  <>
                    , seen <Time at={node.lastSeenAt} />
                  </>
                ) : null}
              </span>
            </li>
          ))}
        </ul>
      )}
      {view === undefined ? null : <PartiesProof view={view} />}
      <p className="px-4 pt-1.5 pb-3 text-sm text-dim">
        {view === undefined ? null : <span className="font-mono">seq {view.seq}</span>}
        {view === undefined || children === undefined ? null : ' · '}
        {children}
      </p>
    </Card>
  );
}
