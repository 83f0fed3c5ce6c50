'use client';

import { Ban, ShieldCheck } from 'lucide-react';
import Link from 'next/link';
import { type ReactNode, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { formatCount } from '@/components/ui/format';
import { Time } from '@/components/ui/time';
import { VerdictLabel, VerdictMark } from '@/components/ui/verdict-mark';
import type { DeviceView } from '@/lib/contracts';

type Entry = DeviceView['timeline'][number];

const SHOWN_AT_FIRST = 20;

export interface DeviceTimelineProps {
  entries: readonly Entry[];
  /** Address that explains an attestation. */
  hrefOf: (eventId: string) => string;
  /** Link to all attestations of the device. */
  all: ReactNode;
}

/** Enrolments, verdicts, blocks and unblocks, newest first. */
export function DeviceTimeline({ entries, hrefOf, all }: DeviceTimelineProps) {
  const [unfolded, setUnfolded] = useState(false);
  const shown = unfolded ? entries : entries.slice(0, SHOWN_AT_FIRST);
  return (
    <Card aria-label="Timeline">
      <CardHeader title="Timeline">{all}</CardHeader>
      {entries.length === 0 ? (
        <p className="px-4 pb-4 text-dim">Nothing is recorded of this device any more.</p>
      ) : (
        <ol className="border-t">
          {shown.map((entry, index) => (
            <li
              key={`${entry.at}-${entry.eventId ?? index}`}
              className="grid min-h-8 grid-cols-[16px_minmax(0,1fr)_auto] items-baseline gap-x-3 border-b px-4 py-1.5 last:border-b-0"
            >
              <EntryMark entry={entry} />
              <EntryText entry={entry} hrefOf={hrefOf} />
              <Time at={entry.at} className="text-dim text-sm" />
            </li>
          ))}
        </ol>
      )}
      {entries.length > SHOWN_AT_FIRST ? (
        <div className="border-t px-2 py-1.5">
          <Button variant="ghost" size="sm" onClick={() => setUnfolded(!unfolded)}>
            {unfolded ? 'Show fewer' : `Show ${formatCount(entries.length - SHOWN_AT_FIRST)} more`}
          </Button>
        </div>
      ) : null}
    </Card>
  );
}

function EntryMark({ entry }: { entry: Entry }) {
  if (entry.kind === 'block') return <Ban aria-hidden size={13} className="self-center text-rejected" />;
  if (entry.kind === 'unblock')
    return <ShieldCheck aria-hidden size={13} className="self-center text-trusted" />;
  return <VerdictMark verdict={entry.verdict ?? 'unknown'} className="self-center justify-self-center" />;
}

function EntryText({ entry, hrefOf }: { entry: Entry; hrefOf: (eventId: string) => string }) {
  const by = entry.actorName === null ? null : <span className="text-dim"> by {entry.actorName}</span>;
  const detail =
    entry.detail === null ? null : (
      <span className="text-dim">{entry.eventId === null ? ` “${entry.detail}”` : ` ${entry.detail}`}</span>
    );
  if (entry.eventId === null) {
    return (
      <span className="min-w-0">
        <span className="font-medium">{entry.title}</span>
        {by}
        {detail}
      </span>
    );
  }
  return (
    <span className="min-w-0">
      <Link href={hrefOf(entry.eventId)} className="rounded-[4px] underline-offset-2 hover:underline">
        {entry.title}
      </Link>{' '}
      {entry.verdict === null ? null : <VerdictLabel verdict={entry.verdict} className="[&>svg]:hidden" />}
      {detail}
    </span>
  );
}
