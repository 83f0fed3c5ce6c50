'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { type AppScope, type BlockRights, covers } from '@/components/blocks/block-rights';
import { TrustVectorRadar } from '@/components/charts/trust-vector-radar';
import { PageHeader } from '@/components/console/page-header';
import { deviceLabel } from '@/components/devices/device-columns';
import { DeviceEvidence, DeviceIdentity } from '@/components/devices/device-identity';
import { deviceQuery } from '@/components/devices/device-queries';
import { DeviceTimeline } from '@/components/devices/device-timeline';
import { LinkedDevices } from '@/components/devices/linked-devices';
import { PastBlocks } from '@/components/devices/past-blocks';
import { toApiError } from '@/components/query/api-error';
import { useLiveMessage } from '@/components/query/live-provider';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Card, CardHeader } from '@/components/ui/card';
import { Notice } from '@/components/ui/notice';
import { SkeletonRows } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { DeviceView } from '@/lib/contracts';
import { CutOffSection } from '../../cut-off-section';
import { DeviceStanding } from './device-standing';
import { EraseCard } from './erase-card';

/** A live message names at most fifty attestations: now and then the device is read again whatever they say. */
const READ_AGAIN_MS = 15_000;
const BACK = { label: 'Devices', href: '/devices' };

export interface DeviceDetailProps {
  id: string;
  rights: BlockRights;
  /** For which apps the signed-in person may erase devices. */
  mayErase: AppScope;
  /** For which apps they may cut tokens off. */
  mayCutOff: AppScope;
}

/** The page of one device; it follows the device's attestations and blocks as they happen. */
export function DeviceDetail({ id, ...may }: DeviceDetailProps) {
  const query = useQuery({ ...deviceQuery(id), refetchInterval: READ_AGAIN_MS });
  useLiveMessage('attestations', ({ rows }) => {
    if (rows.some((row) => row.instanceId === id)) void query.refetch();
  });
  if (query.data !== undefined) {
    return (
      <>
        {query.isError ? (
          <Notice
            tone="flagged"
            lead="not current"
            actions={
              <Button size="sm" onClick={() => void query.refetch()}>
                Try again
              </Button>
            }
          >
            It could not be read again: {toApiError(query.error).message}
          </Notice>
        ) : null}
        <Device view={query.data} {...may} />
      </>
    );
  }
  return (
    <>
      <PageHeader title="Device" back={BACK} />
      <Card aria-label="Device">
        {query.isError ? (
          <ErrorState
            title="This device could not be loaded"
            error={toApiError(query.error)}
            onRetry={() => void query.refetch()}
          />
        ) : (
          <SkeletonRows rows={14} label="Loading the device…" />
        )}
      </Card>
    </>
  );
}

function Device({ view, rights, mayErase, mayCutOff }: Omit<DeviceDetailProps, 'id'> & { view: DeviceView }) {
  const { device, claims } = view;
  const development = claims.environment === 'development';
  const all = `/attestations?${new URLSearchParams({ range: '30d', q: device.id })}`;
  return (
    <>
      <PageHeader
        back={BACK}
        title={
          <>
            {deviceLabel(device)}
            <VerdictLabel verdict={device.verdict} className="font-normal text-base" />
            {development ? <Badge tone="flagged">development evidence</Badge> : null}
          </>
        }
        description={device.appName}
      />
      {development ? (
        <Notice tone="flagged" lead="development evidence">
          It proves nothing about a real device: it was made by a simulator, or in a vendor’s test
          environment.
        </Notice>
      ) : null}
      <div className="grid items-start gap-3 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] xl:grid-cols-[minmax(0,1fr)_minmax(0,568px)]">
        <div className="grid min-w-0 gap-3">
          <DeviceStanding view={view} rights={rights} mayReenrol={covers(mayCutOff, device.appId)} />
          <DeviceTimeline
            entries={view.timeline}
            hrefOf={(eventId) =>
              `/attestations?${new URLSearchParams({ range: '30d', q: device.id, event: eventId })}`
            }
            all={
              <ButtonLink href={all} variant="ghost" size="sm">
                All its attestations
              </ButtonLink>
            }
          />
          <LinkedDevices devices={view.linked} networkPrefix={device.networkPrefix} />
        </div>
        <div className="grid min-w-0 gap-3">
          <Card aria-label="Trust vector">
            <CardHeader title="Trust vector" note="AR4SI, at the last attestation" />
            <TrustVectorRadar vector={view.vector} />
          </Card>
          <DeviceIdentity
            view={view}
            appLink={
              <Link
                href={`/apps/${encodeURIComponent(device.appId)}`}
                className="rounded-[4px] underline underline-offset-2"
              >
                {device.appName}
              </Link>
            }
          />
          <DeviceEvidence claims={view.claims} evidenceAt={view.evidenceAt} />
          <CutOffSection
            target={{ scope: 'instance', target: device.id }}
            title="Tokens"
            whose="of this device"
            mayCutOff={covers(mayCutOff, device.appId)}
          />
          <PastBlocks blocks={view.pastBlocks} />
          {covers(mayErase, device.appId) ? <EraseCard device={device} /> : null}
        </div>
      </div>
    </>
  );
}
