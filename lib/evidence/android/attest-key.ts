import { equalBytes } from '@/lib/core';
import type { Certificate } from '@/lib/crypto';
import type { RootOfTrust } from './authorization-list';
import { type KeyDescription, readKeyDescription } from './key-description';

/*
 * Since Android 12 an app may have a key attested by another of its keys (`setAttestKeyAlias`), so that the attestation of
 * the first shows up under all others. The second certificate has a key attestation extension of its own then. KeyMint
 * lets a key whose only purpose is ATTEST_KEY sign nothing but its own statements; a key with any other purpose could sign
 * whatever the app wants, a certificate with an invented statement included.
 */
const PURPOSE_ATTEST_KEY = 7;
const ORIGIN_GENERATED = 0;

function isAttestKeyOnly({
  hardwareEnforced: { purposes, origin, allApplications },
}: KeyDescription): boolean {
  const isOnly = purposes?.length === 1 && purposes[0] === PURPOSE_ATTEST_KEY;
  return isOnly && origin === ORIGIN_GENERATED && !allApplications;
}

function isSameLevel(leaf: KeyDescription, issuer: KeyDescription): boolean {
  const levels = [
    issuer.attestationSecurityLevel,
    issuer.keyMintSecurityLevel,
    leaf.attestationSecurityLevel,
  ];
  return levels.every((level) => level === leaf.keyMintSecurityLevel && level !== 'software');
}

function isSameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : equalBytes(a, b);
}

function isSameRoot(a: RootOfTrust | null, b: RootOfTrust | null): boolean {
  if (a === null || b === null) return false;
  return (
    isSameBytes(a.bootKey, b.bootKey) &&
    isSameBytes(a.bootHash, b.bootHash) &&
    a.deviceLocked === b.deviceLocked &&
    a.state === b.state
  );
}

function isSameApp(leaf: KeyDescription, issuer: KeyDescription): boolean {
  const [a, b] = [leaf.softwareEnforced.applicationId, issuer.softwareEnforced.applicationId];
  return a !== null && isSameBytes(a, b);
}

/**
 * Why a certificate with a key attestation extension may not have attested the leaf; `undefined` where it may: its key was
 * generated for nothing else, by the same app, at the same hardware level, in the same boot of the same device.
 */
export function objectionToAttestKey(leaf: Certificate, issuer: Certificate): string | undefined {
  const [leafFinding, issuerFinding] = [readKeyDescription(leaf), readKeyDescription(issuer)];
  if (leafFinding.outcome === 'fail' || issuerFinding.outcome === 'fail') return 'it cannot be read.';
  const [attested, attesting] = [leafFinding.value, issuerFinding.value];
  if (!isAttestKeyOnly(attesting)) return 'its key may do more than attest.';
  if (!isSameLevel(attested, attesting)) return 'its key is of another security level.';
  if (!isSameRoot(attested.hardwareEnforced.rootOfTrust, attesting.hardwareEnforced.rootOfTrust))
    return 'its key has another root of trust.';
  return isSameApp(attested, attesting) ? undefined : 'its key is another app’s.';
}
