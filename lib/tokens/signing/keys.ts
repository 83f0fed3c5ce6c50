import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type SigningJwk, signingJwkOf } from '../jwks';

/** A key that signs tokens and configurations. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** A new P-256 signing key; its `kid` is the RFC 7638 thumbprint. */
export function createSigningKeyPair(): SigningKey & { publicJwk: SigningJwk } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicJwk = signingJwkOf(privateKey);
  return { kid: publicJwk.kid, privateKey, publicJwk };
}
