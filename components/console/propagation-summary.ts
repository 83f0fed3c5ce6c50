import { formatDuration, plural } from '@/components/ui/format';
import type { MarkedVerdict } from '@/components/ui/verdict-mark';
import type { PropagationView } from '@/lib/contracts';

export interface PropagationSummary {
  mark: MarkedVerdict;
  title: string;
  /** The slowest acknowledgement, once every node has given one. */
  figure: string | null;
}

export interface PropagationNode {
  nodeId: string;
  /** Length of its bar, 0..1 of the slowest; `null` where it has not acknowledged. */
  length: number | null;
  /** "84 ms", "not yet" or "away". */
  text: string;
  /** Whether to say when it was last seen. */
  lagging: boolean;
  lastSeenAt: string;
}

/** How far a change got, in one line. Only the nodes' own acknowledgements count. */
export function summarisePropagation(view: PropagationView | undefined): PropagationSummary {
  if (view === undefined) return { mark: 'unknown', title: 'Pending: committing', figure: null };
  const count = `${view.enforcedNodes} of ${plural(view.totalNodes, 'node')}`;
  if (view.totalNodes === 0) {
    return { mark: 'flagged', title: 'Committed; no node is running to enforce it', figure: null };
  }
  if (!view.enforced) return { mark: 'unknown', title: `Pending: enforced on ${count}`, figure: null };
  return {
    mark: 'trusted',
    title: `Enforced on ${count}`,
    figure: view.slowestMs === null ? null : formatDuration(view.slowestMs),
  };
}

/** Every node's acknowledgement, slowest last, those that owe one at the end. */
export function propagationNodes(view: PropagationView): PropagationNode[] {
  const slowest = Math.max(1, ...view.nodes.map((node) => node.latencyMs ?? 0));
  return view.nodes
    .map((node) => ({
      nodeId: node.nodeId,
      length: node.latencyMs === null ? null : Math.max(0.01, node.latencyMs / slowest),
      text: node.latencyMs === null ? (node.alive ? 'not yet' : 'away') : formatDuration(node.latencyMs),
      lagging: node.latencyMs === null,
      lastSeenAt: node.lastSeenAt,
    }))
    .sort((a, b) => (a.length ?? 2) - (b.length ?? 2) || a.nodeId.localeCompare(b.nodeId));
}
