import { equalBytes } from '@/lib/core';
import { DER, derOid, importP256Spki, readDer, readDerMembers } from '@/lib/crypto';
import type { VerificationContext } from '../context';
import { type Finding, fail, pass, skip, warn } from '../steps';
import type { KeyDescription } from './key-description';
import { formatPatchLevel } from './versions';

/** Step 5: the challenge is exactly the client data hash; never a prefix, never empty. */
export function checkChallenge(description: KeyDescription, expected: Uint8Array): Finding<void> {
  return expected.length > 0 && equalBytes(description.challenge, expected)
    ? pass(undefined, 'The challenge is the hash of the client data.')
    : fail('evidence_challenge_mismatch', 'The challenge is not the hash of the client data.');
}

/** Step 5: the attestation and the key are of the same security level. Which level suffices is the policy's. */
export function checkSecurityLevels(description: KeyDescription): Finding<void> {
  const { attestationSecurityLevel: attestation, keyMintSecurityLevel: keyMint } = description;
  return attestation === keyMint
    ? pass(undefined, `Attestation and key are of level ${attestation}.`)
    : fail(
        'evidence_security_level_inconsistent',
        `The attestation is of level ${attestation}, the key of level ${keyMint}.`,
      );
}

const ORIGIN_GENERATED = 0;

/** Step 6: the secure world generated the key, and says so itself. */
export function checkOrigin({ hardwareEnforced }: KeyDescription): Finding<void> {
  return hardwareEnforced.origin === ORIGIN_GENERATED
    ? pass(undefined, 'The key was generated inside the key store.')
    : fail('evidence_key_not_generated', 'The key was not generated inside the key store.');
}

/** Step 6: the secure world states the boot state. Whether it is good enough is the policy's. */
export function checkRootOfTrust({ hardwareEnforced }: KeyDescription): Finding<void> {
  const { rootOfTrust } = hardwareEnforced;
  if (rootOfTrust === null)
    return fail('evidence_root_of_trust_missing', 'The hardware-enforced list has no root of trust.');
  const lock = rootOfTrust.deviceLocked ? 'locked' : 'unlocked';
  return pass(undefined, `Boot state ${rootOfTrust.state}, bootloader ${lock}.`);
}

const PURPOSE_SIGN = 2;
const PURPOSE_ATTEST_KEY = 7;

/** Step 6: the key may sign, and may not attest other keys. */
export function checkPurpose({ hardwareEnforced }: KeyDescription): Finding<void> {
  const purposes = hardwareEnforced.purposes ?? [];
  return purposes.includes(PURPOSE_SIGN) && !purposes.includes(PURPOSE_ATTEST_KEY)
    ? pass(undefined, 'The key may sign and may not attest.')
    : fail('evidence_key_purpose', 'The key may not sign, or may attest other keys.');
}

/** KeyMint algorithms (Algorithm.aidl) by the object identifier of their keys; others are not compared. */
const ALGORITHM_OF_KEY: ReadonlyMap<string, number> = new Map([
  ['1.2.840.113549.1.1.1', 1],
  ['1.2.840.10045.2.1', 3],
]);

/** The certified key is of the algorithm that the description states. */
export function checkAlgorithm({ hardwareEnforced }: KeyDescription, spki: Uint8Array): Finding<void> {
  const [identifier] = readDerMembers(readDer(spki), DER.sequence) ?? [];
  const oid = derOid(readDerMembers(identifier, DER.sequence)?.[0]);
  const expected = oid === undefined ? undefined : ALGORITHM_OF_KEY.get(oid);
  if (expected === undefined) return skip(undefined, 'The algorithm of the key is not compared.');
  return hardwareEnforced.algorithm === expected
    ? pass(undefined, 'The certified key is of the described algorithm.')
    : fail('evidence_key_mismatch', 'The certified key is not of the described algorithm.');
}

/** Step 8: the attested key is the one that asserts later, so it must be able to. */
export function checkAssertingKey(spki: Uint8Array, isRequired: boolean): Finding<void> {
  if (importP256Spki(spki) !== undefined) return pass(undefined, 'The key can assert: ECDSA P-256.');
  return isRequired
    ? fail('evidence_key_unsupported', 'The key cannot assert: it is not ECDSA P-256.')
    : warn(undefined, 'The key cannot assert: it is not ECDSA P-256.');
}

/** Step 8: patch levels are readable and not from the future. Which are recent enough is the policy's. */
export function checkPatchLevels({ hardwareEnforced }: KeyDescription, nowMs: number): Finding<void> {
  const levels = [
    hardwareEnforced.osPatchLevel,
    hardwareEnforced.vendorPatchLevel,
    hardwareEnforced.bootPatchLevel,
  ].filter((level) => level !== null && level !== 0);
  const isReadable = levels.every((level) => formatPatchLevel(level, nowMs) !== null);
  return isReadable
    ? pass(undefined, `${levels.length} patch levels.`)
    : warn(undefined, 'A patch level is no date or lies in the future, and counts as absent.');
}

/**
 * Where a largest age is asked for, the statement says when it was made, and that is no further from now in either
 * direction. A weak signal: the device's own clock says it.
 */
export function checkAge(description: KeyDescription, context: VerificationContext): Finding<void> {
  const { maxStatementAgeSeconds: maxAge, nowMs } = context;
  if (maxAge === null) return skip(undefined, 'No largest age is asked for.');
  const createdMs = description.softwareEnforced.creationMs ?? description.hardwareEnforced.creationMs;
  if (createdMs === null || !(Math.abs(nowMs - createdMs) <= maxAge * 1000))
    return fail('evidence_stale', `The statement is undated, or more than ${maxAge} seconds from now.`);
  return pass(undefined, 'The statement is recent enough.');
}
