import type { PropagationView } from '@/lib/contracts';
import type { Propagation } from './read';

/**
 * How far a change got, as the console shows it: `enforced` needs a living node, and every node that may still let
 * requests through to enforce it.
 */
export function propagationView({ seq, committedAt, nodes, parties }: Propagation): PropagationView {
  const due = nodes.filter((node) => node.due);
  const latencies = nodes.flatMap((node) => (node.measured ? (node.latencyMs ?? []) : []));
  const enforcing = due.filter((node) => node.latencyMs !== null).length;
  return {
    seq,
    committedAt: committedAt.toISOString(),
    enforced: due.some((node) => node.alive) && enforcing === due.length,
    enforcedNodes: enforcing,
    totalNodes: due.length,
    slowestMs: latencies.length === 0 ? null : Math.max(...latencies),
    nodes: nodes.map((node) => ({
      nodeId: node.nodeId,
      latencyMs: node.latencyMs,
      alive: node.alive,
      lastSeenAt: node.lastSeenAt.toISOString(),
    })),
    relyingParties: parties,
  };
}
