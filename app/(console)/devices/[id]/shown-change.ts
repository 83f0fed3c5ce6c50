import type { BlockView, DeviceView } from '@/lib/contracts';

/** The change whose enforcement a device's page proves. */
export interface ShownChange {
  seq: number;
  kind: 'block' | 'unblock';
  byName: string;
  reason: string;
  at: string;
}

/** How long after it a lifted block is still news. */
const RECENT_MS = 15 * 60_000;

/** The block that is in force; else the unblock of the last quarter of an hour; else nothing. */
export function shownChange(view: DeviceView, nowMs: number): ShownChange | null {
  if (view.activeBlock !== null) return blockChange(view.activeBlock);
  const newest = view.pastBlocks[0];
  const recent = newest?.liftedAt != null && nowMs - Date.parse(newest.liftedAt) < RECENT_MS;
  return newest !== undefined && recent ? liftChange(newest) : null;
}

function blockChange({ seq, createdByName, reason, createdAt }: BlockView): ShownChange {
  return { seq, kind: 'block', byName: createdByName, reason, at: createdAt };
}

/** A block that ran out has no change of its own: each node ends it by its clock. */
function liftChange({ liftSeq, liftedByName, liftReason, liftedAt }: BlockView): ShownChange | null {
  if (liftSeq === null || liftedAt === null) return null;
  return {
    seq: liftSeq,
    kind: 'unblock',
    byName: liftedByName ?? 'the system',
    reason: liftReason ?? '',
    at: liftedAt,
  };
}
