import { formatCount, plural } from '@/components/ui/format';
import type { MarkedVerdict } from '@/components/ui/verdict-mark';
import type { BlockBatch } from '@/lib/contracts';

/** How an act stands: whether somebody is at it, or it was left. */
export interface BatchStanding {
  tone: MarkedVerdict;
  lead: string;
  isLeft: boolean;
}

/** `isMine` where this very page does it. */
export function batchStanding(
  { state, isLeft }: Pick<BlockBatch, 'state' | 'isLeft'>,
  isMine: boolean,
): BatchStanding {
  if (state === 'done' || state === 'undone') return { tone: 'unknown', lead: 'one act', isLeft: false };
  return isLeft && !isMine
    ? { tone: 'flagged', lead: 'left half way', isLeft: true }
    : { tone: 'unknown', lead: 'under way', isLeft: false };
}

/** What an act has come to. */
export function batchWords({ state, devices, handled, blocked, lifted }: BlockBatch): string {
  if (state === 'undone') return `It was undone: ${plural(lifted, 'block')} lifted.`;
  if (state === 'undoing')
    return `It is being undone: ${formatCount(lifted)} of ${plural(blocked, 'block')} lifted.`;
  const left = handled - blocked;
  const others = left === 0 ? '' : ` ${formatCount(left)} ${left === 1 ? 'was' : 'were'} left as they were.`;
  return state === 'open'
    ? `${formatCount(handled)} of ${plural(devices, 'target')} dealt with, ${formatCount(blocked)} blocked.`
    : `${formatCount(blocked)} of ${plural(devices, 'target')} blocked.${others}`;
}
