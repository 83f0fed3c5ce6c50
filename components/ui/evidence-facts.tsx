import type { ReactNode } from 'react';
import type { EvidenceClaims } from '@/lib/contracts';
import { CopyableId } from './copy-button';
import { securityLevelLabel } from './domain-labels';
import { formatCount } from './format';

interface Fact {
  label: string;
  value: ReactNode;
  mono?: boolean;
}

/** What verified evidence proves of a device, label by label: what its format does not state is left out. */
export function evidenceFacts(claims: EvidenceClaims): Fact[] {
  const facts: (Fact | null)[] = [
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
    ...bootFacts(claims.boot),
    optional('OS version', claims.osVersion),
    optional('OS patch', claims.osPatchLevel),
    optional('Vendor patch', claims.vendorPatchLevel),
    optional('Boot patch', claims.bootPatchLevel),
    optional('Schema version', claims.attestationVersion?.toString() ?? null),
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

function optional(label: string, value: string | null): Fact | null {
  return value === null ? null : { label, value, mono: true };
}

const BOOT_STATES: Readonly<Record<NonNullable<EvidenceClaims['boot']>['state'], string>> = {
  verified: 'verified',
  self_signed: 'signed by the owner',
  unverified: 'unverified',
  failed: 'failed',
};

function bootFacts(boot: EvidenceClaims['boot']): Fact[] {
  if (boot === null) return [];
  return [
    { label: 'Verified boot', value: bootText(boot) },
    { label: 'Boot key', value: <CopyableId value={boot.bootKey} label="Copy boot key" short /> },
  ];
}

function bootText({ deviceLocked, state }: NonNullable<EvidenceClaims['boot']>): string {
  return `${deviceLocked ? 'locked' : 'unlocked'}, ${BOOT_STATES[state]}`;
}
