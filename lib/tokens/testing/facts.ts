import { type KeyObject, sign } from 'node:crypto';
import { TRUST_VECTOR_MEMBERS, type TrustVector } from '@/lib/contracts';
import type { TokenFacts } from '../claims';
import { publicKeyOf } from '../jwks';
import { createSigningKeyPair } from '../signing';

/** The moment at which the tokens of `factsOf` are issued, in milliseconds. */
export const NOW_MS = Date.UTC(2026, 10, 15);
export const ISSUER = 'https://attest.example';
/** A signing key of this test run, and the set that verifies it. */
export const PAIR = createSigningKeyPair();
export const KEYS: ReadonlyMap<string, KeyObject> = new Map([[PAIR.kid, publicKeyOf(PAIR.publicJwk)]]);

/** A vector that affirms everything, but for the changes. */
export function vectorOf(changes: Partial<TrustVector> = {}): TrustVector {
  const affirming = Object.fromEntries(TRUST_VECTOR_MEMBERS.map((member) => [member, 2])) as TrustVector;
  return { ...affirming, ...changes };
}

/** Facts of a trusted token for the app `bank` that lives for five minutes, but for the changes. */
export function factsOf(changes: Partial<TokenFacts> = {}): TokenFacts {
  return {
    issuer: ISSUER,
    appId: 'bank',
    instanceId: 'instance-1',
    tokenId: 'token-1',
    nowMs: NOW_MS,
    ttlSeconds: 300,
    verifier: { developer: 'https://example', build: '1.0.0' },
    verdict: 'trusted',
    vector: vectorOf(),
    policyIds: ['bank:7'],
    annotations: [],
    ...changes,
  };
}

/** One segment of a JWS. */
export function encodeSegment(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A correct ES256 signature under any header (an object, or its segment) and over any payload. */
export function signedWith(header: unknown, payload: unknown, key: KeyObject = PAIR.privateKey): string {
  const input = `${typeof header === 'string' ? header : encodeSegment(header)}.${encodeSegment(payload)}`;
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}
