import { type PolicyRequirements, SECURITY_LEVELS, type SecurityLevel, type ThreatId } from '@/lib/contracts';
import { compileRange } from './conditions';
import type { AppraisalInput } from './input';
import { INTEGRITY_RULES } from './integrity-rules';
import { isRecentPatch } from './patch-level';

/** One way in which evidence misses a policy's requirement. */
export interface RequirementRule {
  /** Member of the policy's `requirements`. */
  readonly requirement: keyof PolicyRequirements;
  /** The threat that is raised. */
  readonly threat: ThreatId;
  /** Whether the policy asks for it at all. */
  inForce(requirements: PolicyRequirements): boolean;
  /** Prepares the question whether an attestation misses it. A fact that should be there and is not, is missed. */
  missed(requirements: PolicyRequirements): (input: AppraisalInput) => boolean;
  /** What is wrong, for people. */
  reason(requirements: PolicyRequirements): string;
}

const RANK = Object.fromEntries(SECURITY_LEVELS.map((level, rank) => [level, rank])) as Readonly<
  Record<SecurityLevel, number>
>;

/** Every rule, in the order in which a threat's first rule gives its reason. */
export const REQUIREMENT_RULES: readonly RequirementRule[] = [
  {
    requirement: 'environment',
    threat: 'development_environment',
    inForce: ({ environment }) => environment === 'production',
    missed:
      () =>
      ({ claims }) =>
        claims !== null && claims.environment !== 'production',
    reason: () => 'The evidence comes from a development environment.',
  },
  {
    requirement: 'securityLevel',
    threat: 'software_attestation',
    inForce: ({ securityLevel }) => securityLevel !== 'software',
    missed:
      ({ securityLevel }) =>
      ({ claims }) =>
        claims !== null && !(RANK[claims.securityLevel] >= RANK[securityLevel]),
    reason: ({ securityLevel }) => `The key's security level is below ${securityLevel}.`,
  },
  {
    requirement: 'verifiedBoot',
    threat: 'bootloader_unlocked',
    inForce: ({ verifiedBoot }) => verifiedBoot,
    missed:
      () =>
      ({ claims }) =>
        claims !== null && claims.platform === 'android' && claims.boot?.deviceLocked === false,
    reason: () => 'The bootloader is unlocked.',
  },
  {
    requirement: 'verifiedBoot',
    threat: 'verified_boot_failed',
    inForce: ({ verifiedBoot }) => verifiedBoot,
    missed:
      () =>
      ({ claims }) =>
        claims !== null && claims.platform === 'android' && claims.boot?.state !== 'verified',
    reason: () => 'The system did not boot as verified by its vendor.',
  },
  {
    requirement: 'maxPatchAgeDays',
    threat: 'patch_level_stale',
    inForce: ({ maxPatchAgeDays }) => maxPatchAgeDays !== null,
    missed:
      ({ maxPatchAgeDays }) =>
      ({ claims, nowMs }) =>
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
    missed:
      ({ maxEvidenceAgeSeconds }) =>
      ({ claims, evidenceAgeSeconds }) =>
        claims !== null && maxEvidenceAgeSeconds !== null && !(evidenceAgeSeconds <= maxEvidenceAgeSeconds),
    reason: ({ maxEvidenceAgeSeconds }) => `The hardware evidence is older than ${maxEvidenceAgeSeconds} s.`,
  },
  {
    requirement: 'maxAttestedKeys',
    threat: 'device_binding',
    inForce: ({ maxAttestedKeys }) => maxAttestedKeys != null,
    missed:
      ({ maxAttestedKeys }) =>
      ({ claims }) =>
        maxAttestedKeys != null && (claims?.attestedKeys ?? 0) > maxAttestedKeys,
    reason: ({ maxAttestedKeys }) =>
      `Apple counts more than ${maxAttestedKeys} keys attested on this device within 30 days: it may attest for others.`,
  },
  {
    requirement: 'registeredVersion',
    threat: 'app_version_unknown',
    inForce: ({ registeredVersion }) => registeredVersion,
    missed:
      () =>
      ({ appVersion }) =>
        appVersion.withdrawn,
    reason: () => 'The app version was withdrawn.',
  },
  {
    requirement: 'registeredVersion',
    threat: 'app_version_unknown',
    inForce: ({ registeredVersion }) => registeredVersion,
    missed:
      () =>
      ({ appVersion }) =>
        !appVersion.registered,
    reason: () => 'The app version is not registered.',
  },
  {
    requirement: 'minOsVersion',
    threat: 'os_version_unsupported',
    inForce: ({ minOsVersion }) => minOsVersion?.ios !== undefined || minOsVersion?.android !== undefined,
    missed: ({ minOsVersion }) =>
      perPlatform(minOsVersion, (from) => {
        const isSupported = compileRange({ from });
        return ({ client }) => !isSupported(client.osVersion);
      }),
    reason: ({ minOsVersion }) =>
      `The operating system is older than ${boundsOf(minOsVersion)}, or not readable.`,
  },
  {
    requirement: 'appVersions',
    threat: 'app_version_unsupported',
    inForce: ({ appVersions }) => appVersions?.ios !== undefined || appVersions?.android !== undefined,
    missed: ({ appVersions }) =>
      perPlatform(appVersions, ({ allowed, withdrawn }) => {
        const ranges = allowed?.map(compileRange);
        const gone = new Set(withdrawn);
        return ({ client: { appVersion } }) =>
          gone.has(appVersion) || (ranges !== undefined && !ranges.some((isWithin) => isWithin(appVersion)));
      }),
    reason: () => 'The policy does not allow this app version.',
  },
  ...INTEGRITY_RULES.map(
    (rule): RequirementRule => ({
      requirement: 'integrity',
      threat: rule.threat,
      inForce: ({ integrity }) => integrity != null && rule.inForce(integrity),
      missed:
        ({ integrity: asked }) =>
        ({ claims, integrity = null, integrityAgeSeconds = Number.NaN }) =>
          claims?.platform === 'android' &&
          asked != null &&
          rule.missed({ integrity, ageSeconds: integrityAgeSeconds }, asked),
      reason: ({ integrity }) => (integrity == null ? '' : rule.reason(integrity)),
    }),
  ),
];

/** A question that each platform has its own settings for; a platform that is not known has to pass them all. */
function perPlatform<Setting>(
  settings: { ios?: Setting | undefined; android?: Setting | undefined } | undefined,
  question: (setting: Setting) => (input: AppraisalInput) => boolean,
): (input: AppraisalInput) => boolean {
  const ios = settings?.ios === undefined ? undefined : question(settings.ios);
  const android = settings?.android === undefined ? undefined : question(settings.android);
  return (input) => {
    const { platform } = input.client;
    return (
      (platform !== 'android' && ios?.(input) === true) || (platform !== 'ios' && android?.(input) === true)
    );
  };
}

function boundsOf(bounds: PolicyRequirements['minOsVersion']): string {
  return [
    ...(bounds?.ios === undefined ? [] : [`iOS ${bounds.ios}`]),
    ...(bounds?.android === undefined ? [] : [`Android ${bounds.android}`]),
  ].join(', ');
}
