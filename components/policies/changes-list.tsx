import { cx } from '@/components/ui/cx';
import type { PolicyChange } from '@/lib/contracts';

const DIRECTIONS = {
  stricter: { label: 'stricter', className: 'text-rejected-text' },
  milder: { label: 'milder', className: 'text-trusted-text' },
  neither: { label: 'other', className: 'text-faint' },
} as const;

/** How two policies differ, one sentence each, with whether it makes verdicts stricter or milder. */
export function ChangesList({ changes, label }: { changes: readonly PolicyChange[]; label: string }) {
  return (
    <ul aria-label={label} className="grid gap-1.5">
      {changes.map(({ path, words, direction }) => (
        <li key={path} className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3">
          <span className="wrap-anywhere">{words}</span>
          <span className={cx('text-sm', DIRECTIONS[direction].className)}>
            {DIRECTIONS[direction].label}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** How many there are of each kind: "3 changes: 2 stricter, 1 other". */
export function changesSummary(changes: readonly PolicyChange[]): string {
  const kinds = (['stricter', 'milder', 'neither'] as const).flatMap((direction) => {
    const count = changes.filter((change) => change.direction === direction).length;
    return count === 0 ? [] : [`${count} ${DIRECTIONS[direction].label}`];
  });
  if (changes.length === 0) return 'no difference';
  return `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}: ${kinds.join(', ')}`;
}
