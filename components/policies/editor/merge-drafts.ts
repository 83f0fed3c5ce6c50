import type { Policy, PolicyChange } from '@/lib/contracts';
import { isSame, partOf, withPart } from './policy-parts';

export type Side = 'mine' | 'theirs';

/** One difference between what I edit and what somebody else saved meanwhile. */
export interface MergeChoice extends PolicyChange {
  /** Whose it is to begin with: of who alone changed it; where both did, mine. */
  proposed: Side;
  /** Whether both changed what they started from, so that somebody has to decide. */
  isContested: boolean;
}

/** The differences from theirs to mine, each with whose is proposed. `base` is what both started from. */
export function mergeChoices(
  changes: readonly PolicyChange[],
  { base, mine, theirs }: Readonly<Record<'base' | 'mine' | 'theirs', Policy>>,
): MergeChoice[] {
  return changes.map((change) => {
    const at = (policy: Policy) => valueAt(policy, change.path);
    const isMyEdit = !isSame(at(mine), at(base));
    const isTheirEdit = !isSame(at(theirs), at(base));
    return {
      ...change,
      proposed: isMyEdit ? 'mine' : 'theirs',
      isContested: isMyEdit && isTheirEdit,
    };
  });
}

/** Theirs, with my value wherever mine was chosen. */
export function merge(
  { mine, theirs }: Readonly<Record<'mine' | 'theirs', Policy>>,
  chosen: ReadonlyMap<string, Side>,
): Policy {
  let merged = theirs;
  for (const [path, side] of chosen) {
    if (side === 'mine') merged = withPart(merged, path, partOf(mine, path));
  }
  return merged;
}

/** A threat that is not listed is observed. */
function valueAt(policy: Policy, path: string): unknown {
  return partOf(policy, path) ?? (path.startsWith('threats.') ? 'observe' : undefined);
}
