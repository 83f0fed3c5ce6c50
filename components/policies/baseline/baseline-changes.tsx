import { plural } from '@/components/ui/format';
import type { BaselineDiff } from '@/lib/contracts';
import { ChangesList } from '../changes-list';

/** What a baseline would change, in words. */
export function BaselineChanges({ diff }: { diff: BaselineDiff }) {
  const { against, changes } = diff;
  return (
    <div role="status" className="grid gap-1.5 rounded-card border bg-raised px-3 py-2.5">
      <p className="font-medium">
        {changes.length === 0
          ? `Nothing: this is version ${against}.`
          : against === 0
            ? `The first baseline: ${plural(changes.length, 'statement')}`
            : `${plural(changes.length, 'change')} to version ${against}`}
      </p>
      <ChangesList changes={changes} label="What it changes, in words" />
    </div>
  );
}
