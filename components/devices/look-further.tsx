'use client';

import { Button } from '@/components/ui/button';
import { plural } from '@/components/ui/format';

export interface LookFurtherProps {
  /** How many devices the list shows. */
  found: number;
  /** Where to look on; `null` where everything was looked through. */
  further: string | null;
  /** Where the list begins; `null` for the devices seen last. */
  begin: string | null;
  onBegin: (cursor: string | null) => void;
}

/** Where the list ends for now, and the way on: a fleet of millions is not looked through at once. */
export function LookFurther({ found, further, begin, onBegin }: LookFurtherProps) {
  if (further === null && begin === null) return null;
  const what = found === 0 ? 'No device' : plural(found, 'device');
  return (
    <div className="flex flex-wrap items-center gap-2 border-t px-4 py-2 text-sm">
      <p role="status" className="mr-auto text-dim">
        {further === null
          ? `${what} found further back, and the list ends here.`
          : `${what} found so far. Not all devices were looked through, but those seen last.`}
      </p>
      {begin === null ? null : (
        <Button size="sm" variant="ghost" onClick={() => onBegin(null)}>
          Back to those seen last
        </Button>
      )}
      {further === null ? null : (
        <Button size="sm" onClick={() => onBegin(further)}>
          Look further back
        </Button>
      )}
    </div>
  );
}
