import {
  type Response,
  type ThreatId,
  type TrustVector,
  type TrustVectorMember,
  threatVector,
} from '@/lib/contracts';
import type { JudgedClaims } from './input';

/** One entry that a matched threat writes into the vector. */
export interface VectorEntry {
  readonly member: TrustVectorMember;
  readonly value: number;
}

/** [member, value where the threat warns, value where it contraindicates]; the codes are AR4SI's. */
type Lowering = readonly [TrustVectorMember, number, number];

/** Threats that say more than "worse" (32, 96) of the one member that the catalogue names. */
const LOWERINGS: Readonly<Record<ThreatId, readonly Lowering[]>> = {
  emulator: [['hardware', 32, 97]],
  secure_hardware_missing: [
    ['hardware', 32, 97],
    ['storage-opaque', 32, 32],
  ],
  software_attestation: [
    ['hardware', 32, 97],
    ['storage-opaque', 32, 32],
  ],
  patch_level_stale: [
    ['configuration', 32, 96],
    ['hardware', 32, 32],
  ],
  verified_boot_failed: [
    ['file-system', 32, 96],
    ['executables', 33, 96],
  ],
  app_integrity: [['executables', 33, 96]],
  app_identity_mismatch: [['executables', 33, 96]],
  app_version_unknown: [['executables', 33, 96]],
  development_environment: [['executables', 33, 96]],
  malware: [['executables', 33, 96]],
  evidence_untrusted: [['instance-identity', 32, 97]],
  evidence_malformed: [['instance-identity', 32, 97]],
  unattested_request: [['instance-identity', 32, 97]],
  signature_invalid: [['instance-identity', 32, 99]],
  challenge_replayed: [['instance-identity', 32, 99]],
};

const NO_ENTRIES: readonly VectorEntry[] = [];

/** What a threat writes into the vector under a response: nothing for `observe` and milder, which change nothing. */
export function vectorEntries(threat: ThreatId, response: Response): readonly VectorEntry[] {
  if (response === 'ignore' || response === 'observe') return NO_ENTRIES;
  const lowerings = LOWERINGS[threat] ?? [[threatVector(threat), 32, 96] as const];
  return lowerings.map(([member, warning, contraindicated]) => ({
    member,
    value: response === 'reject' ? contraindicated : warning,
  }));
}

/**
 * What verified evidence affirms before any threat is counted. A fact that evidence does not affirm makes no claim (0):
 * whether it is *bad* is the policy's word, which `vectorEntries` adds.
 */
export function affirmedVector(claims: JudgedClaims | null, versionRegistered: boolean): TrustVector {
  const hardware = claims !== null && claims.securityLevel !== 'software';
  const booted = claims?.boot?.deviceLocked === true && claims.boot.state === 'verified';
  return {
    'instance-identity': claims === null ? 0 : 2,
    configuration: booted ? 2 : 0,
    executables: claims === null ? 0 : affirmedExecutables(claims, booted, versionRegistered),
    'file-system': 0,
    hardware: hardware ? 2 : 0,
    'runtime-opaque': 0,
    'storage-opaque': hardware ? 2 : 0,
    'sourced-data': 0,
  };
}

/** 2 recognised app (on Android: on verified boot), 3 verified boot only, 0 no claim. */
function affirmedExecutables(claims: JudgedClaims, booted: boolean, versionRegistered: boolean): number {
  if (claims.environment !== 'production') return 0;
  if (claims.platform === 'android' && !booted) return 0;
  if (versionRegistered) return 2;
  return booted ? 3 : 0;
}
