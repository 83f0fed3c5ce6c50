import { plural } from '@/components/ui/format';
import type { MarkedVerdict } from '@/components/ui/verdict-mark';
import { VerdictMark } from '@/components/ui/verdict-mark';
import type { BaselineDiff, PolicyChange } from '@/lib/contracts';

const MARKS: Readonly<Record<PolicyChange['direction'], MarkedVerdict>> = {
  stricter: 'rejected',
  milder: 'trusted',
  neither: 'unknown',
};

/** What a baseline would change, in words. */
export function BaselineChanges({ diff }: { diff: BaselineDiff }) {
  const { against, changes } = diff;
  return (
    <div role="status" className="rounded-card border bg-raised px-3 py-2.5">
      <p className="font-medium">
        {changes.length === 0
          ? `Nothing: this is version ${against}.`
          : against === 0
            ? `The first baseline: ${plural(changes.length, 'statement')}`
            : `${plural(changes.length, 'change')} to version ${against}`}
      </p>
      <ul className="mt-1 grid max-h-60 gap-0.5 overflow-auto">
        {changes.map(({ path, words, direction }) => (
          <li key={path} className="flex items-baseline gap-2">
            <VerdictMark verdict={MARKS[direction]} className="translate-y-px" />
            <span>
              {words}
              {direction === 'neither' ? null : <span className="text-dim"> ({direction})</span>}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
