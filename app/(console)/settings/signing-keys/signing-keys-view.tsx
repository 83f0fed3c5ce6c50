'use client';

import { useQuery } from '@tanstack/react-query';
import { CalendarClock, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { PageHeader } from '@/components/console/page-header';
import { WHOLE_ORGANISATION } from '@/components/cut-offs/cut-off-queries';
import { toApiError } from '@/components/query/api-error';
import { PartiesCard } from '@/components/relying-parties/parties-card';
import { signingKeysQuery } from '@/components/signing-keys/signing-key-queries';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { deferred } from '@/components/ui/deferred';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import type { SigningKeys } from '@/lib/contracts';
import { CutOffSection } from '../../cut-off-section';
import { KeysCard } from './keys-card';
import { RotationStanding } from './rotation-standing';

const RotateDialog = deferred(() => import('@/components/signing-keys/rotate-dialog'));
const ScheduleDialog = deferred(() => import('@/components/signing-keys/schedule-dialog'));

export interface SigningKeysViewProps {
  mayWrite: boolean;
  mayCutOff: boolean;
  /** Whether the whole organisation's cut-offs are for the viewer to see. */
  maySeeHolders: boolean;
  /** Whether the viewer may let relying parties name themselves to the revocation feed, of some app. */
  mayRegister: boolean;
}

/** The page of the signing keys. */
export function SigningKeysView({ mayWrite, mayCutOff, maySeeHolders, mayRegister }: SigningKeysViewProps) {
  const query = useQuery(signingKeysQuery());
  return (
    <>
      <PageHeader
        title="Signing keys"
        description="They sign the tokens that devices present. The service makes and keeps them; no private key ever reaches the console."
        actions={mayWrite && query.data !== undefined ? <Acts keys={query.data} /> : null}
      />
      {query.data !== undefined ? (
        <>
          <RotationStanding keys={query.data} />
          <KeysCard keys={query.data.keys} mayRevoke={mayWrite} mayCutOff={mayCutOff} />
        </>
      ) : (
        <Card aria-label="Signing keys">
          {query.isError ? (
            <ErrorState
              title="The signing keys could not be loaded"
              error={toApiError(query.error)}
              onRetry={() => void query.refetch()}
            />
          ) : (
            <SkeletonRows rows={4} label="Loading the signing keys…" />
          )}
        </Card>
      )}
      {maySeeHolders ? (
        <CutOffSection
          target={WHOLE_ORGANISATION}
          title="Whole organisation"
          whose="of every app"
          mayCutOff={mayCutOff}
        />
      ) : null}
      <PartiesCard mayRegister={mayRegister} />
    </>
  );
}

function Acts({ keys }: { keys: SigningKeys }) {
  const [open, setOpen] = useState<'rotate' | 'schedule' | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <Button onClick={() => setOpen('schedule')}>
        <CalendarClock aria-hidden size={14} />
        Schedule
      </Button>
      <Button
        variant="primary"
        disabled={keys.rotation?.performedAt === null}
        onClick={() => setOpen('rotate')}
      >
        <RefreshCw aria-hidden size={14} />
        Rotate
      </Button>
      {open === 'rotate' ? <RotateDialog keys={keys.keys} onClose={close} /> : null}
      {open === 'schedule' ? <ScheduleDialog current={keys.rotateEveryDays} onClose={close} /> : null}
    </>
  );
}
