'use client';

import { useQuery } from '@tanstack/react-query';
import { toApiError } from '@/components/query/api-error';
import { Card, CardHeader } from '@/components/ui/card';
import { plural } from '@/components/ui/format';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import type { AppView, Retention } from '@/lib/contracts';
import { retentionQuery } from './app-queries';
import { FIELDS } from './retention-draft';
import { RetentionForm } from './retention-form';
import { boundsText, RETENTION_WORDS } from './retention-words';

export interface RetentionSectionProps {
  app: AppView;
  mayWrite: boolean;
}

/** For how long an app's telemetry is kept: to be edited by who may, else to be read. */
export default function RetentionSection({ app, mayWrite }: RetentionSectionProps) {
  const { data, error, refetch } = useQuery(retentionQuery(app.id));
  if (data !== undefined) {
    return mayWrite ? <RetentionForm app={app} retention={data} /> : <RetentionTable retention={data} />;
  }
  return (
    <Card aria-label="Retention" className="overflow-hidden">
      {error === null ? (
        <SkeletonRows rows={5} label="Loading the retention…" />
      ) : (
        <ErrorState
          title="The retention could not be loaded"
          error={toApiError(error)}
          onRetry={() => void refetch()}
        />
      )}
    </Card>
  );
}

function RetentionTable({ retention }: { retention: Retention }) {
  return (
    <Card aria-label="Retention" className="overflow-hidden">
      <CardHeader title="Retention" note="an administrator of the app changes it" />
      <Table>
        <thead>
          <tr>
            <Th>What</Th>
            <Th>Kept for</Th>
            <Th className="max-md:hidden">Default and bounds</Th>
            <Th className="max-lg:hidden">Needed for</Th>
          </tr>
        </thead>
        <tbody>
          {FIELDS.map((field) => (
            <tr key={field}>
              <Td className="font-medium">{RETENTION_WORDS[field].label}</Td>
              <Td className="whitespace-nowrap">{plural(retention.fields[field].days, 'day')}</Td>
              <Td className="text-dim max-md:hidden">{boundsText(retention.fields[field])}</Td>
              <Td className="py-1 text-dim max-lg:hidden">{RETENTION_WORDS[field].what}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
