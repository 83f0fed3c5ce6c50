'use client';

import { useQuery } from '@tanstack/react-query';
import { ShieldOff } from 'lucide-react';
import { useState } from 'react';
import { ChangeProof } from '@/components/blocks/change-proof';
import type { DemotableThreat } from '@/components/policies/quarantine/quarantine-form';
import { QuarantineList } from '@/components/policies/quarantine/quarantine-list';
import { quarantinesQuery } from '@/components/policies/quarantine/quarantine-queries';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { deferred } from '@/components/ui/deferred';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import type { Quarantine } from '@/lib/contracts';

const QuarantineDialog = deferred(() => import('@/components/policies/quarantine/quarantine-dialog'));
const EndQuarantineDialog = deferred(() => import('@/components/policies/quarantine/end-quarantine-dialog'));

export interface QuarantinesViewProps {
  id: string;
  appName: string;
  threats: readonly DemotableThreat[];
  mayQuarantine: boolean;
}

/** The quarantines of one app, what can be done about them, and the proof of what was done last. */
export function QuarantinesView({ id, appName, threats, mayQuarantine }: QuarantinesViewProps) {
  const query = useQuery(quarantinesQuery(id));
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<Quarantine>();
  const [seq, setSeq] = useState<number>();
  const titles = Object.fromEntries(threats.map((threat) => [threat.id, threat.title]));
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p className="min-w-0 flex-1 basis-64 text-dim">
          A signal in quarantine is recorded and judges nobody, where it misfires and until the quarantine
          ends.
        </p>
        {mayQuarantine ? (
          <Button variant="primary" onClick={() => setMaking(true)}>
            <ShieldOff aria-hidden size={14} />
            Quarantine a signal
          </Button>
        ) : null}
      </div>
      {seq === undefined ? null : <ChangeProof key={seq} seq={seq} />}
      {query.data !== undefined ? (
        <QuarantineList
          quarantines={query.data.quarantines}
          titles={titles}
          mayEnd={mayQuarantine}
          onEnd={setEnding}
        />
      ) : (
        <Card aria-label="Quarantines">
          {query.isError ? (
            <ErrorState
              title="The quarantines could not be loaded"
              error={toApiError(query.error)}
              onRetry={() => void query.refetch()}
            />
          ) : (
            <SkeletonRows rows={6} label="Loading quarantines…" />
          )}
        </Card>
      )}
      {making ? (
        <QuarantineDialog
          appId={id}
          appName={appName}
          threats={threats}
          onClose={() => setMaking(false)}
          onMade={(made) => setSeq(made.seq)}
        />
      ) : null}
      {ending === undefined ? null : (
        <EndQuarantineDialog
          quarantine={ending}
          title={titles[ending.threat] ?? ending.threat}
          onClose={() => setEnding(undefined)}
          onEnded={setSeq}
        />
      )}
    </>
  );
}
