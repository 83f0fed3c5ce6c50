import { formatDuration, plural } from '@/components/ui/format';
import type { MarkedVerdict } from '@/components/ui/verdict-mark';
import type { PartyProgress, PropagationView } from '@/lib/contracts';

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

/** Whether nothing more is to come: every node enforces it, and every relying party that is waited for has said so. */
export function isSettled({ enforced, relyingParties }: PropagationView): boolean {
  return (
    enforced &&
    (relyingParties === null || !relyingParties.told || relyingParties.applied >= relyingParties.due)
  );
}

/** Relying parties that verify locally, in one line; `null` where there is none. */
export function summariseParties(view: PropagationView): { mark: MarkedVerdict; title: string } | null {
  const parties = view.relyingParties;
  if (parties === null) return null;
  const all = parties.due + parties.away;
  if (!parties.told) {
    return {
      mark: 'unknown',
      title: `Not told to ${plural(all, 'relying party', 'relying parties')}: they verify locally, and let a token through until it runs out`,
    };
  }
  const away = parties.away === 0 ? '' : `, ${parties.away} away`;
  const title = `Applied by ${parties.applied} of ${plural(parties.due, 'relying party', 'relying parties')}${away}`;
  if (parties.applied < parties.due) return { mark: 'unknown', title };
  return { mark: parties.away > 0 ? 'flagged' : 'trusted', title };
}

/** What is said of one relying party. */
export function partyText({ state, latencyMs }: PartyProgress): string {
  if (state === 'pending') return 'not yet';
  if (state === 'away') return 'away';
  return latencyMs === null ? 'applied' : formatDuration(latencyMs);
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
