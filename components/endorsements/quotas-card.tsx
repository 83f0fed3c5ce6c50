'use client';

import { Badge } from '@/components/ui/badge';
import { Card, CardHeader } from '@/components/ui/card';
import { formatCount } from '@/components/ui/format';
import { Table, Td, Th } from '@/components/ui/table';
import type { EndorsementsView } from '@/lib/contracts';
import { quotaState } from './endorsement-words';

type Quota = EndorsementsView['quotas'][number];

/** How much of each app's quota of today Google has decoded; nothing where no app has its verdicts decoded by Google. */
export function QuotasCard({ quotas }: { quotas: readonly Quota[] }) {
  const [first] = quotas;
  if (first === undefined) return null;
  return (
    <Card aria-label="Play Integrity quotas">
      <CardHeader title="Play Integrity quotas" note={`Google’s day ${first.day}`} />
      <Table aria-label="Play Integrity quotas">
        <thead>
          <tr>
            <Th>App</Th>
            <Th numeric>Decoded</Th>
            <Th numeric className="max-sm:hidden">
              Quota
            </Th>
            <Th numeric>Not decoded</Th>
            <Th className="relative">
              <span className="sr-only">State</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {quotas.map((quota) => (
            <QuotaRow key={quota.appId} quota={quota} />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function QuotaRow({ quota }: { quota: Quota }) {
  const { appName, calls, dailyQuota, exhausted } = quota;
  const { tone, label } = quotaState(quota);
  return (
    <tr>
      <Td>{appName}</Td>
      <Td numeric>{formatCount(calls)}</Td>
      <Td numeric className="max-sm:hidden">
        {formatCount(dailyQuota)}
      </Td>
      <Td numeric>{formatCount(exhausted)}</Td>
      <Td>
        <span className="flex justify-end">
          <Badge tone={tone}>{label}</Badge>
        </span>
      </Td>
    </tr>
  );
}
