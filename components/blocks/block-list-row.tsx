'use client';

import type { ReactNode } from 'react';
import { IncidentLink } from '@/components/console/incident-link';
import { Badge, type BadgeTone } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { formatCount, plural } from '@/components/ui/format';
import { Td } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { BlockEffect, ListedBlock } from '@/lib/contracts';

import { EFFECT_LABELS, ORIGIN_LABELS, SCOPE_WORDS, targetWords } from './block-words';

const TONES: Readonly<Record<BlockEffect, BadgeTone>> = {
  refuse: 'rejected',
  simulate: 'flagged',
  allow: 'trusted',
};

export interface BlockListRowProps {
  block: ListedBlock;
  /** Link to what the target has of its own; nothing for most scopes. */
  link: (text: ReactNode) => ReactNode;
  mayLift: boolean;
  onLift: () => void;
}

/** One decision: what, until when, why, by whom, and what it met in the last day. */
export function BlockListRow({ block, link, mayLift, onLift }: BlockListRowProps) {
  const met = block.attestations24h + block.requests24h;
  return (
    <tr className="align-top">
      <Td className="py-1.5">
        <span className="grid gap-0.5">
          <span className="flex flex-wrap items-center gap-1.5">
            <Badge tone={TONES[block.effect]}>{EFFECT_LABELS[block.effect]}</Badge>
            <span className="break-all font-medium" data-tooltip={block.target}>
              {link(targetWords(block))}
            </span>
          </span>
          <span className="text-dim text-sm">
            {SCOPE_WORDS[block.scope].label},{' '}
            {block.appId === null ? 'every app' : (block.appName ?? block.appId)}
          </span>
          <span className="line-clamp-2 text-dim text-sm md:hidden">
            {block.origin === 'rule' ? block.reason : `“${block.reason}” ${block.createdByName}`}
            {block.owner === null ? '' : `; ${block.owner} answers for it`}
          </span>
          {block.incident === null ? null : (
            <span className="text-sm md:hidden">
              <IncidentLink incident={block.incident} />
            </span>
          )}
        </span>
      </Td>
      <Td className="py-1.5 max-md:hidden">
        <span className="grid gap-0.5">
          <span>{block.origin === 'rule' ? block.reason : `“${block.reason}”`}</span>
          <span className="text-dim text-sm">
            {block.origin === 'import' ? `${ORIGIN_LABELS.import}, ` : ''}
            {block.createdByName}, <Time at={block.createdAt} />
            {block.owner === null ? '' : `; ${block.owner} answers for it`}
            {block.incident === null ? null : '; '}
            <IncidentLink incident={block.incident} />
          </span>
        </span>
      </Td>
      <Td className="py-1.5 text-dim">
        <Until block={block} />
      </Td>
      <Td numeric className="py-1.5 max-sm:hidden">
        <span
          className="tabular-nums"
          data-tooltip={`${plural(block.attestations24h, 'attestation')}, ${plural(block.requests24h, 'request')}`}
        >
          {formatCount(met)}
        </span>
      </Td>
      <Td numeric className="py-1">
        {block.active && mayLift ? (
          <Button
            size="sm"
            onClick={onLift}
            aria-label={`End: ${EFFECT_LABELS[block.effect]} of ${targetWords(block)}`}
          >
            {block.effect === 'allow' ? 'Remove' : 'Lift'}
          </Button>
        ) : null}
      </Td>
    </tr>
  );
}

function Until({ block }: { block: ListedBlock }) {
  if (block.liftedAt !== null) {
    return (
      <>
        ended <Time at={block.liftedAt} />
      </>
    );
  }
  if (block.expiresAt === null) return 'until it is lifted';
  return (
    <>
      {block.active ? 'ends' : 'ran out'} <Time at={block.expiresAt} />
    </>
  );
}
