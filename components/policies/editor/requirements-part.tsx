'use client';

import { Card, CardHeader } from '@/components/ui/card';
import { securityLevelLabel } from '@/components/ui/domain-labels';
import { formatDuration } from '@/components/ui/format';
import { Notice } from '@/components/ui/notice';
import type { SecurityLevel } from '@/lib/contracts';
import { IntegrityFields } from './integrity-fields';
import { OptionalNumberRow, SelectRow, SwitchRow } from './part-field';
import { Raises } from './raises';
import { AppVersionsRow, MinimumOsRow } from './version-rows';

const LEVELS: readonly SecurityLevel[] = ['software', 'tee', 'strongbox', 'secure_enclave'];

/** When evidence is good enough. What is missed raises a threat, whose response stands beside it. */
export default function RequirementsPart() {
  return (
    <>
      <Notice tone="unknown">
        A requirement that is missed raises the threat named beside it; what follows is that threat’s
        response, under Threats.
      </Notice>
      <Card aria-label="Evidence" className="overflow-hidden">
        <CardHeader title="Evidence" />
        <SelectRow
          path="requirements.environment"
          label="Environment"
          hint={
            <Raises threats={['development_environment']}>
              Apple’s App Attest environment, and simulators.
            </Raises>
          }
          choices={[
            { value: 'production', label: 'Production only' },
            { value: 'any', label: 'Any' },
          ]}
        />
        <SelectRow
          path="requirements.securityLevel"
          label="Key security level"
          hint={
            <Raises threats={['software_attestation']}>Where the attested key must live, at least.</Raises>
          }
          choices={LEVELS.map((value) => ({
            value,
            label: value === 'software' ? 'Any, also software' : `${securityLevelLabel(value)} or better`,
          }))}
        />
        <SwitchRow
          path="requirements.verifiedBoot"
          label="Verified boot"
          says="required (Android)"
          hint={
            <Raises threats={['bootloader_unlocked', 'verified_boot_failed']}>
              A locked bootloader and a system that booted as its vendor signed it.
            </Raises>
          }
        />
        <OptionalNumberRow
          path="requirements.maxEvidenceAgeSeconds"
          label="Age of the hardware evidence"
          toggle="at most"
          unit={(seconds) => `s, ${formatDuration(seconds * 1_000)}`}
          initial={2_592_000}
          none={null}
          hint={<Raises threats={['evidence_stale']}>After it, a device has to enrol again.</Raises>}
        />
        <OptionalNumberRow
          path="requirements.maxAttestedKeys"
          label="Keys attested on one device"
          toggle="at most"
          unit="in 30 days"
          initial={5}
          none={null}
          hint={
            <Raises threats={['device_binding']}>
              App Attest’s risk metric: a device that attests many keys may do so for others.
            </Raises>
          }
        />
      </Card>
      <Card aria-label="Operating system" className="overflow-hidden">
        <CardHeader title="Operating system" />
        <MinimumOsRow hint={<Raises threats={['os_version_unsupported']}>Older, or not readable.</Raises>} />
        <OptionalNumberRow
          path="requirements.maxPatchAgeDays"
          label="Age of security patches"
          toggle="at most"
          unit="days (Android)"
          initial={365}
          none={null}
          hint={
            <Raises threats={['patch_level_stale']}>By the patch level that the hardware attests.</Raises>
          }
        />
      </Card>
      <Card aria-label="App" className="overflow-hidden">
        <CardHeader title="App" />
        <SwitchRow
          path="requirements.registeredVersion"
          label="Registered version"
          says="required"
          hint={
            <Raises threats={['app_version_unknown']}>
              Registered with the app, and not withdrawn there.
            </Raises>
          }
        />
        <AppVersionsRow
          platform="ios"
          hint={<Raises threats={['app_version_unsupported']}>In none of the ranges, or withdrawn.</Raises>}
        />
        <AppVersionsRow
          platform="android"
          hint={<Raises threats={['app_version_unsupported']}>In none of the ranges, or withdrawn.</Raises>}
        />
      </Card>
      <IntegrityFields />
    </>
  );
}
