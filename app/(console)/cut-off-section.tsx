'use client';

import { useState } from 'react';
import { ChangeProof } from '@/components/blocks/change-proof';
import { CutOffCard, type CutOffCardProps } from '@/components/cut-offs/cut-off-card';
import { Time } from '@/components/ui/time';
import type { CutOffView } from '@/lib/contracts';

/** Cut-offs of one target, with the proof of the one that was made here last. */
export function CutOffSection(props: Omit<CutOffCardProps, 'onMade'>) {
  const [made, setMade] = useState<CutOffView | null>(null);
  return (
    <div className="grid gap-3">
      <CutOffCard {...props} onMade={setMade} />
      {made === null ? null : (
        <ChangeProof seq={made.seq}>
          cut-off of tokens issued before <Time at={made.notBefore} format="exact" />; reason: “{made.reason}”
        </ChangeProof>
      )}
    </div>
  );
}
