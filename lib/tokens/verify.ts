import type { KeyObject } from 'node:crypto';
import type { DecisionOutcome } from '@/lib/contracts';
import { isTokenClaims, MAX_TOKEN_LENGTH, type TokenClaims } from './claims';
import { JWS_TYPES, type JwsFailure, verifyJws } from './jws';

/** Clock skew that verifiers allow (PROTOCOL §3), in seconds. */
export const LEEWAY_SECONDS = 30;

/** A token that one of our keys signed: true forever, unlike whether it is still good. */
export interface AuthenticToken {
  readonly kid: string;
  /** The key object that verified the signature. */
  readonly key: KeyObject;
  readonly claims: TokenClaims;
}

/** What a token is held against. */
export interface TokenExpectations {
  nowMs: number;
  issuer: string;
  leewaySeconds: number;
}

/**
 * Whether one of these keys signed this token, and its claims are of the right shape; says nothing of its issuer and
 * times. `bad_signature` also stands for a `kid` that is not in the set. Total: any string gets an answer.
 */
export function authenticateToken(
  token: string,
  keys: ReadonlyMap<string, KeyObject>,
): { ok: true; token: AuthenticToken } | { ok: false; outcome: JwsFailure } {
  if (token.length > MAX_TOKEN_LENGTH) return { ok: false, outcome: 'malformed' };
  const verified = verifyJws(token, JWS_TYPES.token, keys);
  if (!verified.ok) return verified;
  const key = keys.get(verified.kid);
  if (key === undefined || !isTokenClaims(verified.payload)) return { ok: false, outcome: 'malformed' };
  return { ok: true, token: { kid: verified.kid, key, claims: verified.payload } };
}

/**
 * Whether claims are this issuer's, for this moment; `null` if so. A token of another issuer was meant for another
 * audience; one that is not valid yet counts as expired. The leeway ends exactly at `exp + leewaySeconds`, exclusive.
 */
export function checkIssuerAndTimes(
  claims: TokenClaims,
  { nowMs, issuer, leewaySeconds }: TokenExpectations,
): Extract<DecisionOutcome, 'wrong_audience' | 'expired'> | null {
  if (claims.iss !== issuer) return 'wrong_audience';
  const isAlive = nowMs < (claims.exp + leewaySeconds) * 1000;
  const isBorn = nowMs >= (Math.max(claims.nbf, claims.iat) - leewaySeconds) * 1000;
  return isAlive && isBorn ? null : 'expired';
}

/**
 * Verifies a token: signature, shape, issuer and times. Who it is for, whether it was cut off, blocked or bound is the
 * relying party's decision. Total.
 */
export function verifyToken(
  token: string,
  keys: ReadonlyMap<string, KeyObject>,
  expectations: TokenExpectations,
): { ok: true; claims: TokenClaims } | { ok: false; outcome: DecisionOutcome } {
  const authentic = authenticateToken(token, keys);
  if (!authentic.ok) return authentic;
  const outcome = checkIssuerAndTimes(authentic.token.claims, expectations);
  return outcome === null ? { ok: true, claims: authentic.token.claims } : { ok: false, outcome };
}
