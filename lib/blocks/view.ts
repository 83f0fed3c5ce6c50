import type { BlockEntry } from '@/lib/block-list';
import type { BlockSnapshot, BlockView } from '@/lib/contracts';
import type { BlockRow } from './store';

/** A decision as the console shows it. */
export function blockView(row: BlockRow): BlockView {
  return {
    id: row.id,
    scope: row.scope,
    effect: row.effect,
    origin: row.origin,
    appId: row.appId,
    target: row.target,
    reason: row.reason,
    incident: row.incident,
    owner: row.owner,
    createdByName: row.createdByName,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    seq: row.seq,
    batchId: row.batchId,
    liftedAt: row.liftedAt?.toISOString() ?? null,
    liftedByName: row.liftedByName,
    liftReason: row.liftReason,
    liftSeq: row.liftSeq,
  };
}

/** A decision as service nodes must obey it. */
export function blockSnapshot(row: BlockRow, active: boolean): BlockSnapshot {
  return { ...blockEntry(row), active };
}

/** A decision as it is decided by. */
export function blockEntry(row: BlockRow): BlockEntry {
  return {
    id: row.id,
    scope: row.scope,
    appId: row.appId,
    target: row.target,
    effect: row.effect,
    expiresAtMs: row.expiresAt?.getTime() ?? null,
  };
}

/** Whether a decision is in force at a time. */
export function isActive(block: Pick<BlockRow, 'liftedAt' | 'expiresAt'>, nowMs: number): boolean {
  return block.liftedAt === null && (block.expiresAt === null || block.expiresAt.getTime() > nowMs);
}
