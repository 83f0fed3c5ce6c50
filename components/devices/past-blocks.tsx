'use client';

import { IncidentLink } from '@/components/console/incident-link';
import { Card, CardHeader } from '@/components/ui/card';
import { formatCount } from '@/components/ui/format';
import { Time } from '@/components/ui/time';
import type { BlockView } from '@/lib/contracts';

/** Blocks of the device that have ended: by whom, why, and how they ended. Nothing where there are none. */
export function PastBlocks({ blocks }: { blocks: readonly BlockView[] }) {
  if (blocks.length === 0) return null;
  return (
    <Card aria-label="Past blocks">
      <CardHeader title="Past blocks" note={formatCount(blocks.length)} />
      <ul className="border-t">
        {blocks.map((block) => (
          <li key={block.id} className="grid gap-0.5 border-b px-4 py-2 last:border-b-0">
            <p>
              “{block.reason}” <IncidentLink incident={block.incident} />
            </p>
            <p className="text-sm text-dim">
              blocked by {block.createdByName}, <Time at={block.createdAt} format="exact" />
            </p>
            <p className="text-sm text-dim">
              <EndOf block={block} />
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** A block that ran out is closed only when the next one is made; until then its expiry tells. */
function EndOf({ block }: { block: BlockView }) {
  if (block.liftedAt !== null) {
    return (
      <>
        ended by {block.liftedByName ?? 'the system'}, <Time at={block.liftedAt} format="exact" />
        {block.liftReason === null ? '' : `: “${block.liftReason}”`}
      </>
    );
  }
  return block.expiresAt === null ? (
    'not in force'
  ) : (
    <>
      ran out <Time at={block.expiresAt} format="exact" />
    </>
  );
}
