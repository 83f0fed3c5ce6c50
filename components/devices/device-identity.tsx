'use client';

import type { ReactNode } from 'react';
import { Card, CardHeader, Facts } from '@/components/ui/card';
import { CopyableId } from '@/components/ui/copy-button';
import { countryName, formatLabel, platformLabel } from '@/components/ui/domain-labels';
import { evidenceFacts } from '@/components/ui/evidence-facts';
import { formatCount } from '@/components/ui/format';
import { Time } from '@/components/ui/time';
import type { DeviceView, EvidenceClaims } from '@/lib/contracts';

/** Which device it is, and where it was last seen. */
export function DeviceIdentity({ view, appLink }: { view: DeviceView; appLink: ReactNode }) {
  const { device, keyId, counter } = view;
  return (
    <Card aria-label="Identity">
      <CardHeader title="Identity" />
      <div className="px-4 pb-3">
        <Facts
          items={[
            { label: 'Instance', value: <CopyableId value={device.id} label="Copy instance id" /> },
            { label: 'App', value: appLink },
            {
              label: 'App version',
              value: device.appVersion === '' ? 'unknown' : device.appVersion,
              mono: true,
            },
            {
              label: 'Device',
              value: `${device.model === '' ? 'unknown model' : device.model}, ${platformLabel(device.platform)} ${device.osVersion}`,
            },
            { label: 'Attested key', value: <CopyableId value={keyId} label="Copy key id" short /> },
            { label: 'Counter', value: formatCount(counter) },
            {
              label: 'Network',
              value: `${device.networkPrefix ?? 'unknown'}, ${countryName(device.country)}`,
            },
            { label: 'First seen', value: <Time at={device.firstSeenAt} format="exact" /> },
            { label: 'Last seen', value: <Time at={device.lastSeenAt} format="exact" /> },
          ]}
        />
      </div>
    </Card>
  );
}

/** What the verified evidence proves. */
export function DeviceEvidence({ claims, evidenceAt }: { claims: EvidenceClaims; evidenceAt: string }) {
  return (
    <Card aria-label="Evidence">
      <CardHeader title="Evidence" note={<Time at={evidenceAt} />} />
      <div className="px-4 pb-3">
        <Facts items={[{ label: 'Format', value: formatLabel(claims.format) }, ...evidenceFacts(claims)]} />
      </div>
    </Card>
  );
}
