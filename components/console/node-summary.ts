import { formatCount, formatDuration, plural } from '@/components/ui/format';
import type { MarkedVerdict } from '@/components/ui/verdict-mark';
import type { NodesView } from '@/lib/contracts';

/** A node this many milliseconds off is worth a warning: tokens carry times. */
const SKEW_WARNING_MS = 2_000;

export interface NodeSummary {
  mark: MarkedVerdict;
  title: string;
  detail: string;
}

/** The service's nodes in two short lines: who enforces, and where the change feed stands. */
export function summariseNodes({ headSeq, nodes, lastPropagationMs }: NodesView): NodeSummary {
  const alive = nodes.filter((node) => node.alive);
  const behind = alive.filter((node) => node.appliedSeq < headSeq).length;
  const skewed = alive.some((node) => Math.abs(node.clockSkewMs) > SKEW_WARNING_MS);
  const position = `seq ${formatCount(headSeq)}`;
  if (alive.length === 0) return { mark: 'rejected', title: 'No node is running', detail: position };
  if (behind > 0) {
    const title = `${formatCount(alive.length - behind)} of ${plural(alive.length, 'node')} enforcing`;
    return { mark: 'flagged', title, detail: `${position} · ${formatCount(behind)} behind` };
  }
  const outdated = alive.filter((node) => node.unsupportedPolicies > 0).length;
  if (outdated > 0) {
    const title = `${formatCount(alive.length - outdated)} of ${plural(alive.length, 'node')} enforcing`;
    return { mark: 'rejected', title, detail: `${position} · ${formatCount(outdated)} too old for a policy` };
  }
  const title = `${plural(alive.length, 'node')} enforcing`;
  if (skewed) return { mark: 'flagged', title, detail: `${position} · clocks differ` };
  // Zero stands for nodes that held the change from their start: nobody measured how long it travelled.
  const measured = lastPropagationMs !== null && lastPropagationMs > 0;
  const latency = measured ? ` · ${formatDuration(lastPropagationMs)}` : '';
  return { mark: 'trusted', title, detail: `${position}${latency}` };
}
