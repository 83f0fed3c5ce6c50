import type { BlockSnapshot, BlockView } from '@/lib/contracts';
import type { BlockRow } from './store';

/** A block as the console shows it. */
export function blockView(row: BlockRow): BlockView {
  return {
    id: row.id,
    scope: row.scope,
    appId: row.appId,
    target: row.target,
    reason: row.reason,
    createdByName: row.createdByName,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    seq: row.seq,
    liftedAt: row.liftedAt?.toISOString() ?? null,
    liftedByName: row.liftedByName,
    liftReason: row.liftReason,
    liftSeq: row.liftSeq,
  };
}

/** A block as service nodes must obey it. */
export function blockSnapshot(row: BlockRow, active: boolean): BlockSnapshot {
  return {
    id: row.id,
    scope: row.scope,
    appId: row.appId,
    target: row.target,
    expiresAtMs: row.expiresAt?.getTime() ?? null,
    active,
  };
}

/** Whether a block is in force at a time. */
export function isActive(block: Pick<BlockRow, 'liftedAt' | 'expiresAt'>, nowMs: number): boolean {
  return block.liftedAt === null && (block.expiresAt === null || block.expiresAt.getTime() > nowMs);
}
