'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ChangeProof } from '@/components/blocks/change-proof';
import { emergencyQuery } from '@/components/policies/emergency/emergency-queries';
import { KillSwitchCard } from '@/components/policies/emergency/kill-switch-card';
import { MinimumVersionsCard } from '@/components/policies/emergency/minimum-versions-card';
import { toApiError } from '@/components/query/api-error';
import { Card } from '@/components/ui/card';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';

export interface EmergencyViewProps {
  id: string;
  appName: string;
  mayThrow: boolean;
}

/** Both switches of one app, and the proof of what was thrown last. */
export function EmergencyView({ id, appName, mayThrow }: EmergencyViewProps) {
  const query = useQuery(emergencyQuery(id));
  const [seq, setSeq] = useState<number>();
  if (query.data === undefined) {
    return (
      <Card aria-label="Emergency">
        {query.isError ? (
          <ErrorState
            title="The switches could not be loaded"
            error={toApiError(query.error)}
            onRetry={() => void query.refetch()}
          />
        ) : (
          <SkeletonRows rows={6} label="Loading the switches…" />
        )}
      </Card>
    );
  }
  const about = { appId: id, appName, state: query.data, mayThrow, onThrown: setSeq };
  return (
    <>
      {seq === undefined ? null : <ChangeProof key={seq} seq={seq} />}
      <div className="grid items-start gap-3 lg:grid-cols-2">
        <KillSwitchCard {...about} />
        <MinimumVersionsCard {...about} />
      </div>
    </>
  );
}
