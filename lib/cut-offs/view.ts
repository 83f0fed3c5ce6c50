import type { CutOffSnapshot, CutOffView } from '@/lib/contracts';
import type { CutOffRow } from './store';

/** A cut-off as the console shows it. */
export function cutOffView({ createdBy: _, notBefore, createdAt, ...row }: CutOffRow): CutOffView {
  return { ...row, notBefore: notBefore.toISOString(), createdAt: createdAt.toISOString() };
}

/** A cut-off as service nodes must obey it. */
export function cutOffSnapshot({
  id,
  scope,
  target,
  notBefore,
}: Pick<CutOffRow, 'id' | 'scope' | 'target' | 'notBefore'>): CutOffSnapshot {
  return { id, scope, target, notBeforeSeconds: notBefore.getTime() / 1000 };
}
