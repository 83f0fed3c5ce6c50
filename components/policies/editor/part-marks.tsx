'use client';

import { Button } from '@/components/ui/button';
import { usePart } from './edit-context';

/** How a part stands: changed against the version in force, overriding the baseline or as it is there. */
export function PartMarks({ path, was }: { path: string; was?: string | undefined }) {
  const { isChanged, isOverride, baselineWord, takeBaseline, isReadOnly } = usePart(path);
  if (!isChanged && isOverride === null) return null;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-0.5 text-sm">
      {isChanged ? <ChangedMark was={was} /> : null}
      {isOverride === true ? (
        <>
          <span className="text-dim">overrides the baseline</span>
          {isReadOnly ? null : (
            <Button
              variant="ghost"
              size="sm"
              className="-my-1 h-6 px-1 underline underline-offset-2"
              onClick={takeBaseline}
            >
              Take the baseline’s{baselineWord === null ? null : `: ${baselineWord}`}
            </Button>
          )}
        </>
      ) : null}
      {isOverride === false ? <span className="text-faint">as the baseline</span> : null}
    </span>
  );
}

/** Says that something differs from the version in force. */
export function ChangedMark({ was }: { was?: string | undefined }) {
  return (
    <span className="inline-flex items-center gap-1.5 text-accent-text">
      <span aria-hidden className="size-1.5 rounded-full bg-accent" />
      {was === undefined ? 'changed' : `was ${was}`}
    </span>
  );
}
