import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { BoundedCache } from './lru';

const KEY_CACHE_SIZE = 8192;
const keys = new BoundedCache<KeyObject>(KEY_CACHE_SIZE);

/** The key of a DER SubjectPublicKeyInfo, remembered; `undefined` for what this platform cannot load. */
export function importSpki(spki: Uint8Array): KeyObject | undefined {
  const name = Buffer.from(spki.buffer, spki.byteOffset, spki.byteLength).toString('latin1');
  const known = keys.get(name);
  if (known !== undefined) return known;
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    keys.set(name, key);
    return key;
  } catch {
    return undefined;
  }
}

/** SubjectPublicKeyInfo of an uncompressed P-256 point, up to the point (RFC 5480). */
const P256_SPKI_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');
const P256_POINT_BYTES = 65;
const UNCOMPRESSED = 0x04;

/** The 65-byte uncompressed point of a P-256 SubjectPublicKeyInfo; `undefined` for every other key. */
export function p256PointOfSpki(spki: Uint8Array): Uint8Array | undefined {
  if (spki.length !== P256_SPKI_PREFIX.length + P256_POINT_BYTES) return undefined;
  const point = spki.subarray(P256_SPKI_PREFIX.length);
  const isNamedCurve = P256_SPKI_PREFIX.equals(spki.subarray(0, P256_SPKI_PREFIX.length));
  return isNamedCurve && point[0] === UNCOMPRESSED ? point : undefined;
}

/** SubjectPublicKeyInfo, DER, of a 65-byte uncompressed P-256 point. Whether it is on the curve shows on import. */
export function spkiOfP256Point(point: Uint8Array): Uint8Array {
  return Buffer.concat([P256_SPKI_PREFIX, point]);
}

/** The P-256 key of a SubjectPublicKeyInfo; `undefined` for another curve, explicit parameters or a bad point. */
export function importP256Spki(spki: Uint8Array): KeyObject | undefined {
  return p256PointOfSpki(spki) === undefined ? undefined : importSpki(spki);
}

/** ECDSA with SHA-256 over `data`, signature in DER (RFC 3279). False for anything malformed. */
export function verifyEs256(key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  return verifyWithDigest('sha256', key, data, signature);
}

/** A signature over `data` with a digest and whatever algorithm the key has. False for anything malformed. */
export function verifyWithDigest(
  digest: string,
  key: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    return verify(digest, data, key, signature);
  } catch {
    return false;
  }
}
