import { securityLevelLabel } from '@/components/ui/domain-labels';
import { formatDuration } from '@/components/ui/format';
import type { IntegrityRequirements, PolicyRequirements, VersionRange } from '@/lib/contracts';
import { rangeWords } from '@/lib/words';

export interface RequirementRow {
  label: string;
  value: string;
}

/** Every member of a policy's requirements in words, also those that ask for nothing. */
export function requirementRows(requirements: PolicyRequirements): RequirementRow[] {
  const { maxPatchAgeDays, maxEvidenceAgeSeconds, maxAttestedKeys, minOsVersion, appVersions } = requirements;
  const oldest = [
    ...(minOsVersion?.ios === undefined ? [] : [`iOS ${minOsVersion.ios}`]),
    ...(minOsVersion?.android === undefined ? [] : [`Android ${minOsVersion.android}`]),
  ];
  return [
    {
      label: 'Environment',
      value: requirements.environment === 'production' ? 'production only' : 'any',
    },
    {
      label: 'Key security level',
      value:
        requirements.securityLevel === 'software'
          ? 'any'
          : `${securityLevelLabel(requirements.securityLevel)} or better`,
    },
    { label: 'Verified boot', value: requirements.verifiedBoot ? 'required' : 'not required' },
    {
      label: 'Age of security patches',
      value: maxPatchAgeDays === null ? 'any' : `at most ${maxPatchAgeDays} days`,
    },
    {
      label: 'Age of hardware evidence',
      value:
        maxEvidenceAgeSeconds === null ? 'any' : `at most ${formatDuration(maxEvidenceAgeSeconds * 1_000)}`,
    },
    {
      label: 'Keys attested on one device',
      value: maxAttestedKeys == null ? 'any number' : `at most ${maxAttestedKeys} in 30 days`,
    },
    { label: 'Registered version', value: requirements.registeredVersion ? 'required' : 'not required' },
    { label: 'Oldest OS', value: oldest.join(', ') || 'any' },
    { label: 'App versions on iOS', value: appVersionWords(appVersions?.ios) },
    { label: 'App versions on Android', value: appVersionWords(appVersions?.android) },
    ...integrityRows(requirements.integrity),
  ];
}

function appVersionWords(
  versions: { allowed?: VersionRange[] | undefined; withdrawn?: string[] | undefined } | undefined,
): string {
  const allowed = versions?.allowed?.map(rangeWords).join('; ') ?? 'every version';
  const withdrawn = versions?.withdrawn ?? [];
  return withdrawn.length === 0 ? allowed : `${allowed}, but not ${withdrawn.join(', ')}`;
}

function integrityRows(integrity: IntegrityRequirements | null | undefined): RequirementRow[] {
  if (integrity == null) return [{ label: 'Play Integrity', value: 'no verdict needed' }];
  const { deviceLabel, minSdkVersion, playProtect, refusedAppAccess, maxActivityLevel } = integrity;
  const asked = [
    `a verdict of the last ${formatDuration(integrity.maxAgeSeconds * 1_000)}`,
    ...(deviceLabel === null ? [] : [`MEETS_${deviceLabel.toUpperCase()}_INTEGRITY`]),
    ...(minSdkVersion === null ? [] : [`SDK ${minSdkVersion} or newer`]),
    ...(maxActivityLevel === null ? [] : [`recent activity LEVEL_${maxActivityLevel} at most`]),
    ...(integrity.recognized ? ['recognised app'] : []),
    ...(integrity.licensed ? ['licensed'] : []),
    ...(playProtect === null ? [] : [`Play Protect ${playProtect.join(' or ')}`]),
    ...refusedAppAccess.map((access) => `not ${access}`),
  ];
  return [{ label: 'Play Integrity', value: asked.join(', ') }];
}
