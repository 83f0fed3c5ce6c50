'use client';

import { Badge } from '@/components/ui/badge';
import { Card, CardHeader } from '@/components/ui/card';
import { CopyableId } from '@/components/ui/copy-button';
import { Table, Td, Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { useNowMs } from '@/components/ui/use-viewer';
import type { EndorsementsView } from '@/lib/contracts';
import { expiryWords, formatWords } from './endorsement-words';

type Anchor = EndorsementsView['anchors'][number];

const keyOf = (anchor: Anchor) => `${anchor.app?.id ?? ''} ${anchor.format} ${anchor.spkiSha256}`;
const ownerOf = ({ app }: Anchor) => (app === null ? 'this product' : app.name);

/** Every trust anchor with what it is trusted for, and how long it lasts. */
export function AnchorsCard({ anchors }: { anchors: readonly Anchor[] }) {
  return (
    <Card aria-label="Trust anchors">
      <CardHeader title="Trust anchors" note="pinned by key" />
      <Table aria-label="Trust anchors" className="max-sm:hidden">
        <thead>
          <tr>
            <Th>Anchor</Th>
            <Th>Trusted for</Th>
            <Th>From</Th>
            <Th>Key</Th>
            <Th>Expires</Th>
            <Th className="relative">
              <span className="sr-only">State</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {anchors.map((anchor) => (
            <tr key={keyOf(anchor)}>
              <Td mono>{anchor.name}</Td>
              <Td>{formatWords(anchor.format)}</Td>
              <Td>{ownerOf(anchor)}</Td>
              <Td>
                <CopyableId value={anchor.spkiSha256} label="Copy SHA-256 of the key" short />
              </Td>
              <Td>
                <Time at={anchor.notAfter} format="exact" />
              </Td>
              <Td>
                <Expiry anchor={anchor} />
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      <ul aria-label="Trust anchors" className="border-t sm:hidden">
        {anchors.map((anchor) => (
          <AnchorItem key={keyOf(anchor)} anchor={anchor} />
        ))}
      </ul>
    </Card>
  );
}

/** An anchor where a table would be wider than the screen. */
function AnchorItem({ anchor }: { anchor: Anchor }) {
  return (
    <li className="grid gap-1 border-b px-4 py-2.5 last:border-b-0">
      <span className="flex flex-wrap items-center justify-between gap-2">
        <span className="font-mono text-sm">{anchor.name}</span>
        <Expiry anchor={anchor} />
      </span>
      <span className="text-dim">
        {formatWords(anchor.format)}, from {ownerOf(anchor)}
      </span>
      <span className="flex flex-wrap items-center justify-between gap-2 text-sm text-dim">
        <CopyableId value={anchor.spkiSha256} label="Copy SHA-256 of the key" short />
        <span>
          until <Time at={anchor.notAfter} format="exact" />
        </span>
      </span>
    </li>
  );
}

function Expiry({ anchor }: { anchor: Anchor }) {
  const nowMs = useNowMs();
  if (nowMs === null) return null;
  const { tone, label } = expiryWords(anchor.notAfter, nowMs);
  return <Badge tone={tone}>{label}</Badge>;
}
