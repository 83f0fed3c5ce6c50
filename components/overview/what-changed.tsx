'use client';

import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Notice } from '@/components/ui/notice';
import { useTimeZone } from '@/components/ui/use-viewer';
import type { Finding } from '@/lib/contracts';
import { findingCounts, findingHref, findingWords, READINGS } from './finding-words';
import type { OverviewView } from './overview-links';
import { CHANGES_EVERY_MS, changesQuery } from './overview-queries';
import { useCardRefetch } from './use-card-refetch';
import { useDismissed } from './use-dismissed';

export interface WhatChangedProps {
  view: OverviewView;
  /** What can be done about a finding, as buttons beside it. */
  acts: (finding: Finding) => ReactNode;
}

/** What moved away from its past and from its siblings, most devices first; nothing where nothing did. */
export function WhatChanged({ view, acts }: WhatChangedProps) {
  const query = useQuery({
    ...changesQuery(view),
    refetchInterval: useCardRefetch(view, CHANGES_EVERY_MS),
  });
  const [dismissed, dismiss] = useDismissed();
  const [open, setOpen] = useState(false);
  if (query.data === undefined) {
    return query.isError ? <NotKnown error={query.error} onRetry={() => void query.refetch()} /> : null;
  }
  const toMs = Date.parse(query.data.to);
  const findings = query.data.findings.filter(({ id }) => !dismissed.has(id));
  const [first, ...others] = findings;
  if (first === undefined) return null;
  return (
    <section aria-label="What changed" className="grid gap-2">
      {[first, ...(open ? others : [])].map((finding) => (
        <FindingNotice
          key={finding.id}
          finding={finding}
          toMs={toMs}
          named={view.apps.length !== 1}
          acts={acts(finding)}
          onDismiss={() => dismiss(finding.id)}
        />
      ))}
      {others.length === 0 ? null : (
        <div className="-mt-1">
          <Button variant="ghost" size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Show only the first' : `and ${others.length} more`}
          </Button>
        </div>
      )}
    </section>
  );
}

interface FindingNoticeProps {
  finding: Finding;
  toMs: number;
  /** Whether to say which app it is about. */
  named: boolean;
  acts: ReactNode;
  onDismiss: () => void;
}

function FindingNotice({ finding, toMs, named, acts, onDismiss }: FindingNoticeProps) {
  const timeZone = useTimeZone();
  const words = findingWords(finding, { toMs, timeZone });
  const { label, tone } = READINGS[finding.reading];
  return (
    <Notice
      tone={tone}
      lead={label}
      actions={
        <>
          {acts}
          <ButtonLink size="sm" prefetch={false} href={findingHref(finding, toMs)}>
            See events
          </ButtonLink>
          <Button
            size="sm"
            variant="ghost"
            aria-label={`Dismiss: ${words.subject}${words.preposition}${words.place}`}
            data-tooltip="Dismiss for this session"
            onClick={onDismiss}
          >
            <X aria-hidden size={14} />
          </Button>
        </>
      }
    >
      <strong className="font-semibold">{words.subject}</strong>
      {words.preposition}
      <strong className="font-semibold">{words.place}</strong>{' '}
      <span data-tooltip={findingCounts(finding)}>{words.change}</span>
      {words.siblings === null ? '' : `; ${words.siblings}`}. {words.devices}
      {named ? ` of ${finding.appName}` : ''}.
    </Notice>
  );
}

function NotKnown({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <Notice
      tone="unknown"
      actions={
        <Button size="sm" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      What changed could not be worked out: {toApiError(error).message}
    </Notice>
  );
}
