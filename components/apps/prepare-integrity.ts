import type { IntegrityRequirements } from '@/lib/contracts';

/** A requirement in words, and the threat that is raised where it is not met. */
export interface RequirementRow {
  label: string;
  value: string;
  /** `null` where nothing is required. */
  raises: string | null;
}

/** What a policy asks of Play Integrity verdicts, in words: what it does not ask has no row. */
export function prepareIntegrity(integrity: IntegrityRequirements | null | undefined): RequirementRow[] {
  if (integrity == null) return [{ label: 'Play Integrity', value: 'No verdict needed', raises: null }];
  const { deviceLabel, minSdkVersion, playProtect, refusedAppAccess, maxActivityLevel, maxAgeSeconds } =
    integrity;
  const row = (value: string, raises: string): RequirementRow => ({ label: 'Play Integrity', value, raises });
  return [
    row(`A verdict of the last ${Math.round(maxAgeSeconds / 60)} min, Android`, 'integrity_verdict_low'),
    ...(deviceLabel === null
      ? []
      : [row(`MEETS_${deviceLabel.toUpperCase()}_INTEGRITY`, 'integrity_verdict_low')]),
    ...(minSdkVersion === null
      ? []
      : [row(`SDK version ${minSdkVersion} or newer`, 'integrity_verdict_low')]),
    ...(maxActivityLevel === null
      ? []
      : [row(`Recent activity of LEVEL_${maxActivityLevel} at most`, 'integrity_verdict_low')]),
    ...(integrity.recognized ? [row('PLAY_RECOGNIZED', 'app_integrity')] : []),
    ...(integrity.licensed ? [row('LICENSED', 'unofficial_store')] : []),
    ...(playProtect === null ? [] : [row(`Play Protect: ${playProtect.join(' or ')}`, 'malware')]),
    ...refusedAppAccess.map((access) => row(`Not ${access}`, THREAT_OF_ACCESS[access] ?? 'malware')),
  ];
}

const THREAT_OF_ACCESS: Readonly<Record<string, string>> = {
  KNOWN_CAPTURING: 'screen_recording',
  UNKNOWN_CAPTURING: 'screen_recording',
  KNOWN_CONTROLLING: 'automation',
  UNKNOWN_CONTROLLING: 'automation',
};
