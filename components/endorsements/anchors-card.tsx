'use client';

import { Badge } from '@/components/ui/badge';
import { Card, CardHeader } from '@/components/ui/card';
import { CopyableId } from '@/components/ui/copy-button';
import { Table, Td, Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { useNowMs } from '@/components/ui/use-viewer';
import type { EndorsementsView } from '@/lib/contracts';
import { expiryWords, formatWords } from './endorsement-words';

/** Every trust anchor with what it is trusted for, and how long it lasts. */
export function AnchorsCard({ anchors }: { anchors: EndorsementsView['anchors'] }) {
  const nowMs = useNowMs();
  return (
    <Card aria-label="Trust anchors">
      <CardHeader title="Trust anchors" note="pinned by key" />
      <Table aria-label="Trust anchors">
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
          {anchors.map((anchor) => {
            const expiry = nowMs === null ? null : expiryWords(anchor.notAfter, nowMs);
            return (
              <tr key={`${anchor.app?.id ?? ''} ${anchor.format} ${anchor.spkiSha256}`}>
                <Td mono>{anchor.name}</Td>
                <Td>{formatWords(anchor.format)}</Td>
                <Td>{anchor.app === null ? 'this product' : anchor.app.name}</Td>
                <Td>
                  <CopyableId value={anchor.spkiSha256} label="Copy SHA-256 of the key" short />
                </Td>
                <Td>
                  <Time at={anchor.notAfter} format="exact" />
                </Td>
                <Td>{expiry === null ? null : <Badge tone={expiry.tone}>{expiry.label}</Badge>}</Td>
              </tr>
            );
          })}
        </tbody>
      </Table>
    </Card>
  );
}
