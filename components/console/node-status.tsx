'use client';

import { useQuery } from '@tanstack/react-query';
import { nodesQuery } from '@/components/query/console-queries';
import { VerdictMark } from '@/components/ui/verdict-mark';
import type { NodesView } from '@/lib/contracts';
import { summariseNodes } from './node-summary';

/** The foot of the navigation: which nodes enforce, and how quickly the last change reached them. */
export function NodeStatus({ initial }: { initial: NodesView | null }) {
  const { data, isError } = useQuery({
    ...nodesQuery(),
    ...(initial === null ? {} : { initialData: initial }),
  });
  if (data === undefined) {
    return <p className="text-sm text-faint">{isError ? 'Nodes are unknown' : 'Asking the nodes…'}</p>;
  }
  const summary = summariseNodes(data);
  return (
    <div className="text-sm">
      <p className="flex items-center gap-2">
        <VerdictMark verdict={summary.mark} size={8} />
        {summary.title}
      </p>
      <p className="text-faint">{summary.detail}</p>
    </div>
  );
}
