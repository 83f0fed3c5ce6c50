import { type BlockDecision, isRefused } from '@/lib/block-list';
import type { DecisionOutcome } from '@/lib/contracts';
import { type ErrorCode, sha256, toBase64Url } from '@/lib/core';
import {
  type AuthenticToken,
  authenticateToken,
  checkIssuerAndTimes,
  LEEWAY_SECONDS,
  MAX_TOKEN_LENGTH,
  type TokenClaims,
} from '@/lib/tokens';
import { type ManagedKey, matchKey, type PresentedKey, presentedBy } from './api-keys';
import { boundCredentials } from './present';
import type { ApiConfig, CallerNetwork, RelyingPartyState } from './state';

/** A view of the change feed that is older than this is stale, in milliseconds. */
export const STALE_AFTER_MS = 60_000;

/** One request of a relying party: who asks, and what its client presented. */
export interface DecisionRequest {
  readonly api: ApiConfig;
  /** As `presentedToken` finds it. */
  readonly token: string | null;
  /** The request's whole `Authorization` header. */
  readonly authorization: string | null;
  /** The API key that the request presents. */
  readonly apiKey?: string | null;
  /** Where its client called from; `null` where the relying party does not know. */
  readonly caller: CallerNetwork | null;
}

/** The answer to a relying party. */
export interface Decision {
  readonly allow: boolean;
  /** What was found, whatever the API's mode makes of it. */
  readonly outcome: DecisionOutcome;
  /** Code of the refusal; `null` for `valid`. Set under `observe` too. */
  readonly code: ErrorCode | null;
  /** Claims of every token that we signed, good or not: to count by. Believe them as a result only where `valid`. */
  readonly claims: TokenClaims | null;
  /** The node's view is stale, and the app prefers that to a refusal. */
  readonly stale: boolean;
  /** What the request presented of a managed API key, whatever became of its token; `null` where that is no question. */
  readonly apiKey: PresentedKey | null;
  /** What blocks and allowlist entries made of it, where it came so far; `null` where none concerned it. */
  readonly blocks: BlockDecision | null;
}

const CODE_OF_OUTCOME: Readonly<Record<DecisionOutcome, ErrorCode | null>> = {
  valid: null,
  missing: 'token_missing',
  malformed: 'token_malformed',
  bad_signature: 'token_bad_signature',
  expired: 'token_expired',
  wrong_audience: 'token_wrong_audience',
  blocked: 'device_blocked',
  revoked: 'token_revoked',
  binding_mismatch: 'token_binding_mismatch',
  api_key_missing: 'api_key_missing',
  api_key_wrong: 'api_key_wrong',
  api_key_revoked: 'api_key_revoked',
  replayed: 'token_replayed',
  stale: 'snapshot_stale',
};

interface Facts {
  readonly state: RelyingPartyState;
  readonly request: DecisionRequest;
  readonly token: AuthenticToken;
  readonly nowMs: number;
  readonly key: { readonly key: ManagedKey; readonly presented: PresentedKey } | null;
  blocks: BlockDecision | null;
}

/** The checks of an authentic token in the order of PROTOCOL §3; the first that has an outcome decides. */
const CHECKS: readonly ((facts: Facts) => DecisionOutcome | null)[] = [
  function keyAlive({ state, token }) {
    return state.isKeyAlive(token.kid) ? null : 'revoked';
  },
  function issuerAndTimes({ state, token, nowMs }) {
    const expectations = { nowMs, issuer: state.issuer, leewaySeconds: LEEWAY_SECONDS };
    return checkIssuerAndTimes(token.claims, expectations);
  },
  function audience({ request, token }) {
    return request.api.appIds.has(token.claims.aud) ? null : 'wrong_audience';
  },
  function cutOffs({ state, request, token: { claims, kid } }) {
    const seconds = state.cutOffSeconds(claims.aud, kid, claims.sub, request.api.id);
    return claims.iat >= seconds ? null : 'revoked';
  },
  function blocks(facts) {
    const { state, request, token } = facts;
    facts.blocks = state.blockDecision(token.claims.sub, token.claims.aud, request.caller);
    return isRefused(facts.blocks) ? 'blocked' : null;
  },
  function binding({ request, token: { claims } }) {
    if (claims.bnd === undefined) return null;
    const credentials = boundCredentials(request.authorization);
    const isBound = credentials !== null && toBase64Url(sha256(credentials)) === claims.bnd;
    return isBound ? null : 'binding_mismatch';
  },
  function apiKey({ request, key }) {
    if (key === null || !key.key.isRequired) return null;
    const { standing } = key.presented;
    if (standing === 'active' || standing === 'retiring') return null;
    if (standing === 'revoked') return 'api_key_revoked';
    return request.apiKey ? 'api_key_wrong' : 'api_key_missing';
  },
  // Last: what even an old view refuses is refused for its own reason.
  function freshView({ state, token, nowMs }) {
    return isStale(state, nowMs) && state.onStale(token.claims.aud) === 'strict' ? 'stale' : null;
  },
];

/**
 * Decides one request from memory alone. Only the verification of a signature is remembered; key, times, audience,
 * cut-offs, blocks and binding are checked on every call, so the answer is the same with and without the cache. Total,
 * and closed where in doubt; only `mode: observe` lets a refused request pass.
 */
export function decide(state: RelyingPartyState, request: DecisionRequest, nowMs: number): Decision {
  const keys = state.managedKeys(request.api.id);
  const match = keys.length === 0 ? null : matchKey(keys, request.apiKey ?? null, nowMs);
  if (request.token === null || request.token === '') return unauthentic(request, 'missing', match);
  const authentic = authenticate(state, request.token);
  if (typeof authentic === 'string') return unauthentic(request, authentic, match);
  const { claims } = authentic;
  const key = presentedBy(claims.aud, keys, match);
  const facts: Facts = { state, request, token: authentic, nowMs, key, blocks: null };
  const apiKey = match ?? key?.presented ?? null;
  for (const check of CHECKS) {
    const outcome = check(facts);
    if (outcome !== null)
      return decision(request, { outcome, claims, stale: false, apiKey, blocks: facts.blocks });
  }
  const stale = isStale(state, nowMs);
  return decision(request, { outcome: 'valid', claims, stale, apiKey, blocks: facts.blocks });
}

/** The decision on a request whose token tells nothing; its key may have been stolen all the same. */
function unauthentic(
  request: DecisionRequest,
  outcome: DecisionOutcome,
  apiKey: PresentedKey | null,
): Decision {
  return decision(request, { outcome, claims: null, stale: false, apiKey, blocks: null });
}

function isStale(state: RelyingPartyState, nowMs: number): boolean {
  // A clock that was set back must not make an old view young: the distance counts in both directions.
  return !(Math.abs(nowMs - state.currentAtMs) <= STALE_AFTER_MS);
}

function authenticate(state: RelyingPartyState, token: string): AuthenticToken | DecisionOutcome {
  // Before the look-up, which hashes the whole text.
  if (token.length > MAX_TOKEN_LENGTH) return 'malformed';
  const cached = state.cache.get(token);
  // A key that was replaced under its kid, or withdrawn, takes what it verified with it.
  if (cached !== undefined && state.keys.get(cached.kid) === cached.key) return cached;
  const fresh = authenticateToken(token, state.keys);
  if (!fresh.ok) return fresh.outcome;
  state.cache.set(token, fresh.token);
  return fresh.token;
}

function decision(
  { api }: DecisionRequest,
  found: Pick<Decision, 'outcome' | 'claims' | 'stale' | 'apiKey' | 'blocks'>,
): Decision {
  const allow = found.outcome === 'valid' || api.mode === 'observe';
  return { allow, code: CODE_OF_OUTCOME[found.outcome], ...found };
}
