import type { MarkedVerdict } from '@/components/ui/verdict-mark';
import type { Policy, PolicyRequirements, Response } from '@/lib/contracts';
import { prepareIntegrity, type RequirementRow } from './prepare-integrity';

/** What the console shows of a threat; pages hand it over, so that the browser need not load the catalogue. */
export interface ThreatFacts {
  id: string;
  title: string;
  component: string;
  /** MITRE ATT&CK Mobile technique ids. */
  attack: readonly string[];
  /** OWASP MASWE ids. */
  maswe: readonly string[];
}

/** Responses from harshest to mildest, with the verdict that each leads to. */
export const RESPONSE_WORDS: Readonly<Record<Response, { rank: number; mark: MarkedVerdict }>> = {
  reject: { rank: 0, mark: 'rejected' },
  restrict: { rank: 1, mark: 'restricted' },
  flag: { rank: 2, mark: 'flagged' },
  observe: { rank: 3, mark: 'unknown' },
  ignore: { rank: 4, mark: 'unknown' },
};

export interface PolicyRow extends ThreatFacts {
  response: Response;
}

/** Every known threat with the policy's response, harshest first; one that the policy does not list is observed. */
export function preparePolicy(policy: Pick<Policy, 'threats'>, threats: readonly ThreatFacts[]): PolicyRow[] {
  return threats
    .map((threat) => ({ ...threat, response: policy.threats[threat.id] ?? 'observe' }))
    .sort((a, b) => RESPONSE_WORDS[a.response].rank - RESPONSE_WORDS[b.response].rank);
}

/** Where MITRE describes a technique: sub-techniques lie below their technique. */
export function attackHref(technique: string): string {
  return `https://attack.mitre.org/techniques/${technique.replace('.', '/')}/`;
}

const DAY_SECONDS = 86_400;
const LEVELS: Readonly<Record<PolicyRequirements['securityLevel'], string>> = {
  software: 'Any',
  tee: 'Trusted execution environment or better',
  strongbox: 'StrongBox or Secure Enclave',
  secure_enclave: 'Secure Enclave',
};

/** When evidence is good enough, in words. */
export function prepareRequirements(requirements: PolicyRequirements): RequirementRow[] {
  const {
    environment,
    securityLevel,
    verifiedBoot,
    maxPatchAgeDays,
    maxEvidenceAgeSeconds,
    registeredVersion,
    maxAttestedKeys,
  } = requirements;
  return [
    {
      label: 'Environment',
      value: environment === 'production' ? 'Production evidence only' : 'Any',
      raises: environment === 'production' ? 'development_environment' : null,
    },
    {
      label: 'Key security',
      value: LEVELS[securityLevel],
      raises: securityLevel === 'software' ? null : 'software_attestation',
    },
    {
      label: 'Boot',
      value: verifiedBoot ? 'Verified, bootloader locked' : 'Any',
      raises: verifiedBoot ? 'verified_boot_failed' : null,
    },
    {
      label: 'OS security patches',
      value: maxPatchAgeDays === null ? 'Any age' : `At most ${maxPatchAgeDays} days old`,
      raises: maxPatchAgeDays === null ? null : 'patch_level_stale',
    },
    {
      label: 'Hardware evidence',
      value: maxEvidenceAgeSeconds === null ? 'Any age' : `At most ${ageText(maxEvidenceAgeSeconds)} old`,
      raises: maxEvidenceAgeSeconds === null ? null : 'evidence_stale',
    },
    {
      label: 'Keys attested on a device',
      value: maxAttestedKeys == null ? 'Any number' : `At most ${maxAttestedKeys} in 30 days (App Attest)`,
      raises: maxAttestedKeys == null ? null : 'device_binding',
    },
    {
      label: 'App version',
      value: registeredVersion ? 'Registered, not withdrawn' : 'Any',
      raises: registeredVersion ? 'app_version_unknown' : null,
    },
    ...prepareIntegrity(requirements.integrity),
  ];
}

function ageText(seconds: number): string {
  if (seconds % DAY_SECONDS === 0) return seconds === DAY_SECONDS ? '1 day' : `${seconds / DAY_SECONDS} days`;
  return seconds % 3_600 === 0 ? `${seconds / 3_600} h` : `${Math.round(seconds / 60)} min`;
}
