import { isUtf8 } from 'node:buffer';
import { type KeyObject, verify } from 'node:crypto';
import type { DecisionOutcome } from '@/lib/contracts';
import { fromBase64Url } from '@/lib/core';
import { BoundedCache } from '@/lib/crypto';

/** Kinds of JWS that we sign, by their explicit `typ` (RFC 8725 §3.11), so that one is never taken for another. */
export const JWS_TYPES = { token: 'eat+jwt', config: 'countersign-config+jwt' } as const;
export type JwsType = (typeof JWS_TYPES)[keyof typeof JWS_TYPES];

/** Why a compact JWS is not ours. */
export type JwsFailure = Extract<DecisionOutcome, 'malformed' | 'bad_signature'>;

/** How ES256 spells signatures (RFC 7518 §3.4): r and s, 32 bytes each. */
export const ES256 = { digest: 'sha256', dsaEncoding: 'ieee-p1363', signatureBytes: 64 } as const;

/** The one spelling of the protected header, base64url. */
export function encodeHeader(kid: string, type: JwsType): string {
  return Buffer.from(JSON.stringify({ alg: 'ES256', kid, typ: type })).toString('base64url');
}

/**
 * Verifies a compact JWS that we signed: ES256 and nothing else, a header of exactly `alg`, `kid` and `typ` in exactly
 * our spelling, a key of the given set, canonical base64url. The payload is JSON of unknown shape. Total.
 */
export function verifyJws(
  jws: string,
  type: JwsType,
  keys: ReadonlyMap<string, KeyObject>,
): { ok: true; kid: string; payload: unknown } | { ok: false; outcome: JwsFailure } {
  const [header, payload, signature, ...rest] = jws.split('.', 4);
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) {
    return { ok: false, outcome: 'malformed' };
  }
  const kid = keyIdOfHeader(header, type);
  const signatureBytes = fromBase64Url(signature);
  if (kid === undefined || signatureBytes?.length !== ES256.signatureBytes) {
    return { ok: false, outcome: 'malformed' };
  }
  const key = keys.get(kid);
  if (key === undefined || !isSigned(key, jws.slice(0, -signature.length - 1), signatureBytes)) {
    return { ok: false, outcome: 'bad_signature' };
  }
  // The signature covers the payload's text, so that its encoding is the one that we wrote.
  const json = parseJson(Buffer.from(payload, 'base64url'));
  return json === undefined ? { ok: false, outcome: 'malformed' } : { ok: true, kid, payload: json };
}

/** Headers that were found to be ours: a handful per deployment, so that each is parsed once. */
const knownHeaders = new BoundedCache<{ type: JwsType; kid: string }>(64);

/** The `kid` of a header; `undefined` unless the header is, byte for byte, the one that we would write for it. */
function keyIdOfHeader(header: string, type: JwsType): string | undefined {
  const known = knownHeaders.get(header);
  if (known !== undefined) return known.type === type ? known.kid : undefined;
  const bytes = fromBase64Url(header);
  const json = bytes === undefined ? undefined : parseJson(bytes);
  if (typeof json !== 'object' || json === null || !('kid' in json) || typeof json.kid !== 'string') {
    return undefined;
  }
  if (encodeHeader(json.kid, type) !== header) return undefined;
  knownHeaders.set(header, { type, kid: json.kid });
  return json.kid;
}

function isSigned(key: KeyObject, signingInput: string, signature: Uint8Array): boolean {
  try {
    const verifier = { key, dsaEncoding: ES256.dsaEncoding };
    // UTF-8, because narrower encodings would fold other characters onto those that were signed.
    return verify(ES256.digest, Buffer.from(signingInput, 'utf8'), verifier, signature);
  } catch {
    // A key of another kind: nothing that it could have signed is ours.
    return false;
  }
}

function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
