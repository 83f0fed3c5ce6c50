import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

/** The members of a P-256 public key that identify it. */
export interface P256Jwk {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
}

/** A token-signing key as published. */
export interface SigningJwk extends P256Jwk {
  kid: string;
  alg: 'ES256';
  use: 'sig';
}

/** RFC 7638 thumbprint (SHA-256, base64url): the `kid` of our keys, and `cnf.jkt` of session keys. */
export function jwkThumbprint({ crv, kty, x, y }: P256Jwk): string {
  // The members in lexicographic order, without white space, as the RFC wants them.
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}

/**
 * The public half of a signing key as it is published; never a private member, whichever half is given.
 * @throws TypeError for a key that is not P-256
 */
export function signingJwkOf(key: KeyObject): SigningJwk {
  const { kty, crv, x, y } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  if (kty !== 'EC' || crv !== 'P-256' || x === undefined || y === undefined) {
    throw new TypeError('A signing key is a P-256 key.');
  }
  const jwk = { kty, crv, x, y } as const;
  return { ...jwk, kid: jwkThumbprint(jwk), alg: 'ES256', use: 'sig' };
}

/**
 * The key object of a public JWK.
 * @throws Error for a point that is not on the curve
 */
export function publicKeyOf({ kty, crv, x, y }: P256Jwk): KeyObject {
  return createPublicKey({ format: 'jwk', key: { kty, crv, x, y } });
}

/** The JWKS document (RFC 7517) of these keys, public members only, in the order of their `kid`. */
export function jwksDocument(keys: Iterable<P256Jwk & { kid: string }>): { keys: SigningJwk[] } {
  const published = Array.from(
    keys,
    ({ kty, crv, x, y, kid }): SigningJwk => ({ kty, crv, x, y, kid, alg: 'ES256', use: 'sig' }),
  );
  return { keys: published.sort((a, b) => (a.kid < b.kid ? -1 : 1)) };
}
