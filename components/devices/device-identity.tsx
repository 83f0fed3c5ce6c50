'use client';

import type { ReactNode } from 'react';
import { Card, CardHeader, Facts } from '@/components/ui/card';
import { CopyableId } from '@/components/ui/copy-button';
import { countryName, formatLabel, platformLabel, securityLevelLabel } from '@/components/ui/domain-labels';
import { formatCount } from '@/components/ui/format';
import { Time } from '@/components/ui/time';
import type { DeviceView, EvidenceClaims } from '@/lib/contracts';

interface Fact {
  label: string;
  value: ReactNode;
  mono?: boolean;
}

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
        <Facts items={evidenceFacts(claims)} />
      </div>
    </Card>
  );
}

function evidenceFacts(claims: EvidenceClaims): Fact[] {
  const facts: (Fact | null)[] = [
    { label: 'Format', value: formatLabel(claims.format) },
    { label: 'Environment', value: claims.environment },
    { label: 'Key held in', value: securityLevelLabel(claims.securityLevel) },
    { label: 'Anchor', value: claims.anchor, mono: true },
    { label: 'App identity', value: claims.app.id, mono: true },
    optional('Stated version', claims.app.version),
    claims.app.signerDigests.length === 0
      ? null
      : {
          label: 'Signer',
          value: claims.app.signerDigests.map((digest) => (
            <CopyableId key={digest} value={digest} label="Copy signer digest" short />
          )),
        },
    claims.boot === null ? null : { label: 'Verified boot', value: bootText(claims.boot) },
    optional('OS version', claims.osVersion),
    optional('OS patch', claims.osPatchLevel),
    optional('Vendor patch', claims.vendorPatchLevel),
    optional('Boot patch', claims.bootPatchLevel),
    optional('Provisioning', claims.provisioning),
    optional('Launch validation', claims.validationCategory),
    claims.attestedKeys === undefined
      ? null
      : {
          label: 'Keys attested',
          value: `about ${formatCount(claims.attestedKeys)} on this device within 30 days, by Apple`,
        },
    claims.certificatesIssued === null
      ? null
      : { label: 'Certificates', value: `${formatCount(claims.certificatesIssued)} issued lately` },
  ];
  return facts.filter((fact) => fact !== null);
}

/** What a format does not state is left out. */
function optional(label: string, value: string | null): Fact | null {
  return value === null ? null : { label, value, mono: true };
}

const BOOT_STATES: Readonly<Record<NonNullable<EvidenceClaims['boot']>['state'], string>> = {
  verified: 'verified',
  self_signed: 'signed by the owner',
  unverified: 'unverified',
  failed: 'failed',
};

function bootText({ deviceLocked, state }: NonNullable<EvidenceClaims['boot']>): string {
  return `${deviceLocked ? 'locked' : 'unlocked'}, ${BOOT_STATES[state]}`;
}
