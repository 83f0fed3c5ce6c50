import { TRUST_VECTOR_MEMBERS, type TrustVector, type Verdict } from '@/lib/contracts';

/** EAT profile of our tokens: draft-ietf-rats-ear. */
export const EAT_PROFILE = 'tag:ietf.org,2026:rats/ear#03';
/** Longest token that is issued or looked at, in characters. */
export const MAX_TOKEN_LENGTH = 4096;

/**
 * Claims of an attestation result (PROTOCOL §2): the registered JWT claims, then EAR. Times are in seconds. Only tiers
 * that may pass a relying party are spelled, so that a token which says `contraindicated` or `none` is not one.
 */
export interface TokenClaims {
  iss: string;
  /** App id. */
  aud: string;
  /** Instance id. */
  sub: string;
  iat: number;
  nbf: number;
  exp: number;
  jti: string;
  eat_profile: typeof EAT_PROFILE;
  ear_verifier_id: { developer: string; build: string };
  submods: {
    app: {
      ear_status: 'affirming' | 'warning';
      ear_trustworthiness_vector: TrustVector;
      ear_appraisal_policy_ids: string[];
    };
  };
  /** Thumbprint of the session key (RFC 7800, RFC 7638). */
  cnf?: { jkt: string };
  /** SHA-256 of what the token is bound to, base64url. */
  bnd?: string;
  ann?: string[];
}

const DIGEST_LENGTH = 43;
type Members = Readonly<Record<string, unknown>>;
type Predicate = (value: unknown) => boolean;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText: Predicate = (value) => typeof value === 'string';
const isSeconds: Predicate = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isDigest: Predicate = (value) => typeof value === 'string' && value.length === DIGEST_LENGTH;
const isTexts: Predicate = (value) => Array.isArray(value) && value.every(isText);
const isVector: Predicate = (value) =>
  isMembers(value) &&
  TRUST_VECTOR_MEMBERS.every((member) => {
    const entry = value[member];
    return Number.isInteger(entry) && Number(entry) >= -128 && Number(entry) <= 127;
  });
const isEar: Predicate = (value) =>
  isMembers(value) &&
  (value.ear_status === 'affirming' || value.ear_status === 'warning') &&
  isVector(value.ear_trustworthiness_vector) &&
  isTexts(value.ear_appraisal_policy_ids);
const optional =
  (predicate: Predicate): Predicate =>
  (value) =>
    value === undefined || predicate(value);

const CLAIMS: readonly (readonly [keyof TokenClaims, Predicate])[] = [
  ['iss', isText],
  ['aud', isText],
  ['sub', isText],
  ['iat', isSeconds],
  ['nbf', isSeconds],
  ['exp', isSeconds],
  ['jti', isText],
  ['eat_profile', (value) => value === EAT_PROFILE],
  ['ear_verifier_id', (value) => isMembers(value) && isText(value.developer) && isText(value.build)],
  ['submods', (value) => isMembers(value) && isEar(value.app)],
  ['cnf', optional((value) => isMembers(value) && isDigest(value.jkt))],
  ['bnd', optional(isDigest)],
  ['ann', optional(isTexts)],
];

/**
 * Whether a verified payload is an attestation result. Unknown claims are ignored, as EAR demands. Written by hand,
 * because a relying party does this for every new token: a schema library would cost a tenth of the signature.
 */
export function isTokenClaims(payload: unknown): payload is TokenClaims {
  return isMembers(payload) && CLAIMS.every(([name, predicate]) => predicate(payload[name]));
}

/** AR4SI's tiers as EAR spells them in JSON. */
export type TrustTier = 'none' | 'affirming' | 'warning' | 'contraindicated';

/** The tier of one entry of the vector (AR4SI §2.3.2: negative values mirror positive ones). */
export function trustTier(value: number): TrustTier {
  const magnitude = Math.abs(value);
  if (magnitude < 2) return 'none';
  if (magnitude < 32) return 'affirming';
  return magnitude < 96 ? 'warning' : 'contraindicated';
}

const TIER_OF_VERDICT: Readonly<Record<Verdict, TrustTier>> = {
  trusted: 'affirming',
  flagged: 'warning',
  restricted: 'warning',
  rejected: 'contraindicated',
};

/** `ear_status`: the verdict's tier, or a worse one where an entry of the vector is worse. `none` makes no claim. */
export function earStatus(verdict: Verdict, vector: TrustVector): TrustTier {
  const tiers = [
    TIER_OF_VERDICT[verdict],
    ...TRUST_VECTOR_MEMBERS.map((member) => trustTier(vector[member])),
  ];
  if (tiers.includes('contraindicated')) return 'contraindicated';
  return tiers.includes('warning') ? 'warning' : 'affirming';
}

/** What a token states; times in milliseconds, lifetime in seconds. */
export interface TokenFacts {
  issuer: string;
  appId: string;
  instanceId: string;
  tokenId: string;
  nowMs: number;
  ttlSeconds: number;
  verifier: { developer: string; build: string };
  verdict: Exclude<Verdict, 'rejected'>;
  vector: TrustVector;
  policyIds: readonly string[];
  annotations: readonly string[];
  /** SHA-256 of what the token is bound to, base64url. */
  bindingHash?: string | undefined;
  /** RFC 7638 thumbprint of the session key. */
  sessionKeyThumbprint?: string | undefined;
}

/**
 * The claims of a token that is issued now.
 * @throws TypeError for facts that contradict each other: a contraindicating vector under a verdict that accepts.
 */
export function buildClaims(facts: TokenFacts): TokenClaims {
  const status = earStatus(facts.verdict, facts.vector);
  if (status !== 'affirming' && status !== 'warning') {
    throw new TypeError('A rejected attestation has no token.');
  }
  const issuedAt = Math.floor(facts.nowMs / 1000);
  return {
    iss: facts.issuer,
    aud: facts.appId,
    sub: facts.instanceId,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + facts.ttlSeconds,
    jti: facts.tokenId,
    eat_profile: EAT_PROFILE,
    ear_verifier_id: facts.verifier,
    submods: {
      app: {
        ear_status: status,
        ear_trustworthiness_vector: facts.vector,
        ear_appraisal_policy_ids: [...facts.policyIds],
      },
    },
    ...(facts.sessionKeyThumbprint === undefined ? {} : { cnf: { jkt: facts.sessionKeyThumbprint } }),
    ...(facts.bindingHash === undefined ? {} : { bnd: facts.bindingHash }),
    ...(facts.annotations.length === 0 ? {} : { ann: [...facts.annotations] }),
  };
}
