'use client';

import type { ReactNode } from 'react';
import { Badge } from '@/components/ui/badge';
import { Card, CardHeader, Facts } from '@/components/ui/card';
import { formatCount, plural } from '@/components/ui/format';
import { Time } from '@/components/ui/time';
import { useNowMs } from '@/components/ui/use-viewer';
import type { EndorsementsView } from '@/lib/contracts';
import { ageWords, errorWords, listState } from './endorsement-words';

/** The list of revoked Android attestation keys: where from, how old, how long, and what went wrong last. */
export function StatusListCard({ list, acts }: { list: EndorsementsView['statusList']; acts: ReactNode }) {
  const nowMs = useNowMs();
  const state = listState(list, nowMs);
  const isDue = nowMs !== null && Date.parse(list.nextCheckAt) <= nowMs;
  const { entries, previousEntries, fetchedAt, changedAt, checkedAt, lastError, attempts } = list;
  return (
    <Card aria-label="Revoked Android keys">
      <CardHeader title="Revoked Android keys" note={<Badge tone={state.tone}>{state.label}</Badge>}>
        {acts}
      </CardHeader>
      <div className="px-4 pb-3">
        <Facts
          items={[
            { label: 'Source', value: list.source ?? 'not asked yet', mono: list.source !== null },
            {
              label: 'Entries',
              value: `${formatCount(entries)}${previousEntries === null ? '' : `, ${formatCount(previousEntries)} before`}`,
            },
            { label: 'Confirmed', value: fetchedAt === null ? 'never' : <Time at={fetchedAt} /> },
            { label: 'Last changed', value: changedAt === null ? 'never' : <Time at={changedAt} /> },
            {
              label: 'Last asked',
              value: (
                <>
                  {checkedAt === null ? 'never' : <Time at={checkedAt} />}
                  {lastError === null ? null : (
                    <span className="text-flagged-text">
                      : {errorWords(lastError)} ({plural(attempts, 'attempt')})
                    </span>
                  )}
                </>
              ),
            },
            {
              label: 'Next time',
              value: isDue ? 'as soon as the service looks' : <Time at={list.nextCheckAt} format="exact" />,
            },
            {
              label: 'Too old after',
              value: `${ageWords(list.maxAgeHours)}; concerns ${plural(list.concernedApps, 'production app')}`,
            },
          ]}
        />
      </div>
    </Card>
  );
}
