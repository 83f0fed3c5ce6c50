import {
  type EvidenceClaims,
  type EvidenceCode,
  type IntegrityClaims,
  type PolicyRequirements,
  SECURITY_LEVELS,
  type SecurityLevel,
  type ThreatId,
} from '@/lib/contracts';
import { INTEGRITY_RULES } from './integrity-rules';

/** Everything that is known about one attestation when it is judged. */
export interface AppraisalInput {
  /** Claims of verified evidence (on an attestation: those of the enrolment); `null` where there are none. */
  readonly claims: EvidenceClaims | null;
  /** Why the verification failed, if it did. */
  readonly failure: EvidenceCode | null;
  /** Findings of the app itself, as `readSignals` gives them. */
  readonly runtimeThreats: readonly ThreatId[];
  /** Findings of the service: `blocked`, `challenge_replayed`, `hosting_network`… */
  readonly serverThreats: readonly ThreatId[];
  readonly appVersion: { readonly registered: boolean; readonly withdrawn: boolean };
  /** Age of the hardware evidence behind `claims`, in seconds. */
  readonly evidenceAgeSeconds: number;
  /** The newest verified Play Integrity verdict of the device; absent or `null` where there is none. */
  readonly integrity?: IntegrityClaims | null;
  readonly nowMs: number;
}

/** One way in which evidence misses a policy's requirement. */
export interface RequirementRule {
  /** Member of the policy's `requirements`. */
  readonly requirement: keyof PolicyRequirements;
  /** The threat that is raised. */
  readonly threat: ThreatId;
  /** Whether the policy asks for it at all. */
  inForce(requirements: PolicyRequirements): boolean;
  /** Whether this attestation misses it. A fact that should be there and is not, is missed. */
  missed(input: AppraisalInput, requirements: PolicyRequirements): boolean;
  /** What is wrong, for people. */
  reason(requirements: PolicyRequirements): string;
}

const DAY_MS = 86_400_000;
/** Vendors date patch levels a little ahead of their release; more than this is not believable. */
const PATCH_FUTURE_TOLERANCE_MS = 100 * DAY_MS;

const RANK = Object.fromEntries(SECURITY_LEVELS.map((level, rank) => [level, rank])) as Readonly<
  Record<SecurityLevel, number>
>;

/** Every rule, in the order in which a threat's first rule gives its reason. */
export const REQUIREMENT_RULES: readonly RequirementRule[] = [
  {
    requirement: 'environment',
    threat: 'development_environment',
    inForce: ({ environment }) => environment === 'production',
    missed: ({ claims }) => claims !== null && claims.environment !== 'production',
    reason: () => 'The evidence comes from a development environment.',
  },
  {
    requirement: 'securityLevel',
    threat: 'software_attestation',
    inForce: ({ securityLevel }) => securityLevel !== 'software',
    missed: ({ claims }, { securityLevel }) =>
      claims !== null && !(RANK[claims.securityLevel] >= RANK[securityLevel]),
    reason: ({ securityLevel }) => `The key's security level is below ${securityLevel}.`,
  },
  {
    requirement: 'verifiedBoot',
    threat: 'bootloader_unlocked',
    inForce: ({ verifiedBoot }) => verifiedBoot,
    missed: ({ claims }) =>
      claims !== null && claims.platform === 'android' && claims.boot?.deviceLocked === false,
    reason: () => 'The bootloader is unlocked.',
  },
  {
    requirement: 'verifiedBoot',
    threat: 'verified_boot_failed',
    inForce: ({ verifiedBoot }) => verifiedBoot,
    missed: ({ claims }) =>
      claims !== null && claims.platform === 'android' && claims.boot?.state !== 'verified',
    reason: () => 'The system did not boot as verified by its vendor.',
  },
  {
    requirement: 'maxPatchAgeDays',
    threat: 'patch_level_stale',
    inForce: ({ maxPatchAgeDays }) => maxPatchAgeDays !== null,
    missed: ({ claims, nowMs }, { maxPatchAgeDays }) =>
      claims !== null &&
      claims.platform === 'android' &&
      !isRecentPatch(claims.osPatchLevel, nowMs, maxPatchAgeDays),
    reason: ({ maxPatchAgeDays }) =>
      `The security patch level is absent, not believable, or older than ${maxPatchAgeDays} days.`,
  },
  {
    requirement: 'maxEvidenceAgeSeconds',
    threat: 'evidence_stale',
    inForce: ({ maxEvidenceAgeSeconds }) => maxEvidenceAgeSeconds !== null,
    missed: ({ claims, evidenceAgeSeconds }, { maxEvidenceAgeSeconds }) =>
      claims !== null && maxEvidenceAgeSeconds !== null && !(evidenceAgeSeconds <= maxEvidenceAgeSeconds),
    reason: ({ maxEvidenceAgeSeconds }) => `The hardware evidence is older than ${maxEvidenceAgeSeconds} s.`,
  },
  {
    requirement: 'registeredVersion',
    threat: 'app_version_unknown',
    inForce: ({ registeredVersion }) => registeredVersion,
    missed: ({ appVersion }) => appVersion.withdrawn,
    reason: () => 'The app version was withdrawn.',
  },
  {
    requirement: 'registeredVersion',
    threat: 'app_version_unknown',
    inForce: ({ registeredVersion }) => registeredVersion,
    missed: ({ appVersion }) => !appVersion.registered,
    reason: () => 'The app version is not registered.',
  },
  ...INTEGRITY_RULES.map(
    (rule): RequirementRule => ({
      requirement: 'integrity',
      threat: rule.threat,
      inForce: ({ integrity }) => integrity != null && rule.inForce(integrity),
      missed: ({ claims, integrity, nowMs }, requirements) =>
        claims?.platform === 'android' &&
        requirements.integrity != null &&
        rule.missed({ claims: integrity ?? null, nowMs }, requirements.integrity),
      reason: ({ integrity }) => (integrity == null ? '' : rule.reason(integrity)),
    }),
  ),
];

/** Whether `YYYY-MM` or `YYYY-MM-DD` lies within the age. A month counts from its first day. */
function isRecentPatch(level: string | null, nowMs: number, maxAgeDays: number | null): boolean {
  if (level === null || maxAgeDays === null) return false;
  const ageMs = nowMs - patchLevelMs(level);
  return ageMs <= maxAgeDays * DAY_MS && ageMs >= -PATCH_FUTURE_TOLERANCE_MS;
}

/** Start of the day of a patch level; NaN for what is none. By hand, as a policy is replayed on millions of events. */
function patchLevelMs(level: string): number {
  const hasDay = level.length === 10;
  if (!(hasDay || level.length === 7) || level[4] !== '-' || (hasDay && level[7] !== '-')) return Number.NaN;
  const month = twoDigits(level, 5);
  const day = hasDay ? twoDigits(level, 8) : 1;
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return Number.NaN;
  return Date.UTC(twoDigits(level, 0) * 100 + twoDigits(level, 2), month - 1, day);
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
