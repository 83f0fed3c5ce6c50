'use client';

import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { CopyableId } from '@/components/ui/copy-button';
import { deferred } from '@/components/ui/deferred';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import type { OriginDetail, Pin } from '@/lib/contracts';
import { PROBLEM_TEXT, SOURCE_LABEL } from './certificate-words';

const PinsDialog = deferred(() => import('./pins-dialog'));

export interface PinsCardProps {
  origin: OriginDetail;
  mayWrite: boolean;
  onPublished: (seq: number) => void;
}

/** The pins in force, which of them the server presents, what is wrong with the set, and the way to change it. */
export function PinsCard({ origin, mayWrite, onPublished }: PinsCardProps) {
  const [open, setOpen] = useState(false);
  const { pinSet, problems, lastChain } = origin;
  const presented = new Set(lastChain?.chain.map(({ spkiSha256 }) => spkiSha256));
  return (
    <Card aria-label="Pins">
      <CardHeader
        title="Pins"
        note={pinSet === null ? undefined : `configuration v${pinSet.version}, by ${pinSet.publishedByName}`}
      >
        {mayWrite ? (
          <Button size="sm" onClick={() => setOpen(true)}>
            {pinSet === null ? 'Set pins' : 'Change pins'}
          </Button>
        ) : null}
      </CardHeader>
      <div className="grid gap-3 px-4 pb-4">
        {pinSet?.reportOnly === true ? (
          <Notice tone="flagged" lead="report only">
            Devices report a chain without a pin, and connect all the same.
          </Notice>
        ) : null}
        {problems.map((problem) => (
          <Notice
            key={problem}
            tone={problem === 'no_match' && pinSet?.reportOnly !== true ? 'rejected' : 'flagged'}
          >
            {PROBLEM_TEXT[problem]}
          </Notice>
        ))}
        {pinSet === null || pinSet.pins.length === 0 ? (
          <p className="text-dim">
            Nothing is pinned: devices accept every certificate that their system accepts.
          </p>
        ) : (
          <ul className="grid gap-2">
            {pinSet.pins.map((pin) => (
              <PinEntry key={pin.spkiSha256} pin={pin} isPresented={presented.has(pin.spkiSha256)} />
            ))}
          </ul>
        )}
        {pinSet === null ? null : (
          <p className="text-sm text-faint">
            Published <Time at={pinSet.publishedAt} format="exact" />: “{pinSet.reason}”
          </p>
        )}
      </div>
      {open ? (
        <PinsDialog
          origin={origin}
          onClose={() => setOpen(false)}
          onPublished={({ seq }) => {
            setOpen(false);
            onPublished(seq);
          }}
        />
      ) : null}
    </Card>
  );
}

function PinEntry({ pin, isPresented }: { pin: Pin; isPresented: boolean }) {
  return (
    <li className="grid gap-0.5">
      <p className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{pin.label === '' ? 'Unnamed' : pin.label}</span>
        {isPresented ? <Badge tone="trusted">presented</Badge> : <Badge>backup</Badge>}
        <span className="text-sm text-faint">from a {SOURCE_LABEL[pin.source]}</span>
      </p>
      <CopyableId value={pin.spkiSha256} label="Copy the pin" />
    </li>
  );
}
