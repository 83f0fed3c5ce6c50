import { createHash } from 'node:crypto';
import type { Certificate } from './certificate';
import { BoundedCache } from './lru';
import { importSpki, verifyWithDigest } from './public-keys';

/** Signature algorithms that a chain may use (RFC 5758, RFC 8017). */
const SIGNATURE_ALGORITHMS: Readonly<Record<string, { keyType: string; digest: string }>> = {
  '1.2.840.10045.4.3.2': { keyType: 'ec', digest: 'sha256' },
  '1.2.840.10045.4.3.3': { keyType: 'ec', digest: 'sha384' },
  '1.2.840.10045.4.3.4': { keyType: 'ec', digest: 'sha512' },
  '1.2.840.113549.1.1.11': { keyType: 'rsa', digest: 'sha256' },
  '1.2.840.113549.1.1.12': { keyType: 'rsa', digest: 'sha384' },
  '1.2.840.113549.1.1.13': { keyType: 'rsa', digest: 'sha512' },
};

/** Names chain when they are the same bytes: no normalisation, so no two parsers can disagree. */
export function sameName(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** SHA-256 of a SubjectPublicKeyInfo, lower-case hexadecimal: how anchors are pinned. */
export function spkiFingerprint(spki: Uint8Array): string {
  return createHash('sha256').update(spki).digest('hex');
}

/** Whether the key signed the certificate. Unknown algorithms and mismatched key types are not signatures. */
export function isSignedBy(certificate: Certificate, issuerSpki: Uint8Array): boolean {
  const algorithm = Object.hasOwn(SIGNATURE_ALGORITHMS, certificate.signatureAlgorithm)
    ? SIGNATURE_ALGORITHMS[certificate.signatureAlgorithm]
    : undefined;
  if (algorithm === undefined) return false;
  const key = importSpki(issuerSpki);
  if (key === undefined || key.asymmetricKeyType !== algorithm.keyType) return false;
  return verifyWithDigest(algorithm.digest, key, certificate.tbs, certificate.signature);
}

const VERIFIED_CACHE_SIZE = 2048;
const verified = new BoundedCache<true>(VERIFIED_CACHE_SIZE);

/**
 * As `isSignedBy`, for certificates that come again and again (intermediates): remembers success by both
 * fingerprints. Only the signature is remembered; validity and revocation are the caller's, each time. Call it from
 * the anchor downwards, so that strangers cannot fill the memory.
 */
export function isSignedByRemembered(certificate: Certificate, issuerSpki: Uint8Array): boolean {
  const name = `${certificate.fingerprint} ${spkiFingerprint(issuerSpki)}`;
  if (verified.get(name) === true) return true;
  if (!isSignedBy(certificate, issuerSpki)) return false;
  verified.set(name, true);
  return true;
}
