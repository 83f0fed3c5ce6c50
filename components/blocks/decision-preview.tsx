'use client';

import { formatCount, plural } from '@/components/ui/format';
import { Notice } from '@/components/ui/notice';
import type { BlockEffect, BlockPreview } from '@/lib/contracts';

const MEETS: Readonly<Record<BlockEffect, string>> = {
  refuse: 'would have been refused in the last 24 hours',
  simulate: 'would have been counted in the last 24 hours',
  allow: 'would have been let past wider blocks in the last 24 hours',
};

/** It comes below the fields, and nobody is to decide before they have seen it. */
const intoView = (shown: HTMLElement | null) => shown?.scrollIntoView({ block: 'nearest' });

/** What a decision would have met, in a number, and what stands in its way. */
export function DecisionPreview({ preview, effect }: { preview: BlockPreview; effect: BlockEffect }) {
  const { reach, requests, duplicate, contradiction, enforcedAtAuthorize, offences } = preview;
  return (
    <div ref={intoView} className="grid gap-2" role="status">
      <p className="flex items-baseline gap-3">
        <span className="font-semibold text-figure">{reach === null ? '?' : formatCount(reach.devices)}</span>
        <span className="text-dim">
          {reach === null ? (
            'Counting the devices took too long. There are many.'
          ) : (
            <>
              <span className="text-ink">{reach.devices === 1 ? 'device' : 'devices'}</span> with{' '}
              {plural(reach.attestations, 'attestation')}
              {requests === null ? '' : ` and ${plural(requests, 'request')}`} {MEETS[effect]}.
            </>
          )}
        </span>
      </p>
      {effect === 'allow' || enforcedAtAuthorize ? null : (
        <p className="text-dim text-sm">
          Tokens do not say this: it takes effect with a device’s next attestation, at the latest when its
          token has run out.
        </p>
      )}
      {offences === 0 || effect === 'allow' ? null : (
        <p className="text-dim text-sm">Blocked {plural(offences, 'time')} in the last 90 days already.</p>
      )}
      {duplicate === null ? null : (
        <Notice tone="flagged" lead="in force already">
          {duplicate.createdByName}: “{duplicate.reason}”
          {duplicate.incident === null ? '' : `, ${duplicate.incident}`}
        </Notice>
      )}
      {contradiction === null || effect === 'allow' ? null : (
        <Notice tone="flagged" lead="on the allowlist">
          {contradiction.owner} answers for an entry on exactly this: “{contradiction.reason}”.{' '}
          {effect === 'refuse' ? 'Remove it first: a block would refuse nobody.' : ''}
        </Notice>
      )}
    </div>
  );
}
