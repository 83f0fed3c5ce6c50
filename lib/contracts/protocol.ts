import { z } from 'zod';
import { evidenceFormatSchema, platformSchema } from './evidence';
import { verdictSchema } from './verdict';

/** Largest accepted request body of the attestation service, in bytes. */
export const MAX_BODY_BYTES = 64 * 1024;
/** Deepest accepted nesting of JSON. */
export const MAX_JSON_DEPTH = 8;
/** How long a challenge may be used, in seconds. */
export const CHALLENGE_TTL_SECONDS = 60;

const base64url = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(/^[A-Za-z0-9_-]+$/, 'must be base64url without padding');
const text = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .regex(/^\P{Cc}+$/u, 'must not hold control characters');

export const appIdSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])$/, 'must be a slug of 2 to 40 characters');

export const challengeRequestSchema = z.object({ appId: appIdSchema });
export const challengeResponseSchema = z.object({ challenge: z.string(), expiresAt: z.iso.datetime() });

/** Public half of the key that the app proves possession of (RFC 7800): P-256 only. */
export const sessionKeySchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: base64url(43).length(43),
  y: base64url(43).length(43),
});

/** The client data: the device hashes exactly the bytes it sends, and its evidence signs that hash. */
export const clientDataSchema = z.object({
  challenge: base64url(256),
  appId: appIdSchema,
  platform: platformSchema,
  appVersion: text(64),
  osVersion: text(64),
  model: text(128),
  sdkVersion: text(64),
  configVersion: z.number().int().min(0),
  /** Runtime findings by threat id or freeRASP callback name; true means found. */
  signals: z
    .record(z.string().max(64), z.boolean())
    .refine((signals) => Object.keys(signals).length <= 128, 'too many signals'),
  /** SHA-256 of what the token is to be bound to, base64url. */
  bindingHash: base64url(43).length(43).optional(),
  sessionKey: sessionKeySchema.optional(),
  /** Version of each API key that the app holds, by the key's id: what it holds already is not delivered again. */
  apiKeys: z
    .record(z.string().max(64), z.number().int().min(1))
    .refine((keys) => Object.keys(keys).length <= 64, 'too many API keys')
    .optional(),
});
export type ClientData = z.infer<typeof clientDataSchema>;

const certificateChainSchema = z.array(base64url(16_384)).min(1).max(10);

/** Evidence of each format; binary members in base64url. */
export const evidenceSchema = z.discriminatedUnion('format', [
  z.object({
    format: z.literal('apple-app-attest'),
    keyId: base64url(64),
    attestationObject: base64url(22_000),
  }),
  z.object({ format: z.literal('android-key-attestation'), certificateChain: certificateChainSchema }),
  z.object({ format: z.literal('dev'), certificateChain: certificateChainSchema, signature: base64url(256) }),
]);
export type Evidence = z.infer<typeof evidenceSchema>;

/** A Play Integrity token whose `nonce` or `requestHash` is SHA-256 of the client data, base64url without padding. */
const integrityTokenSchema = z.string().max(16_384);

export const enrolRequestSchema = z.object({
  /** Exact bytes of the client data JSON, base64url. */
  clientData: base64url(24_000),
  evidence: evidenceSchema,
  integrityToken: integrityTokenSchema.optional(),
});
export type EnrolRequest = z.infer<typeof enrolRequestSchema>;

export const attestRequestSchema = z.object({
  instanceId: z.uuid(),
  clientData: base64url(24_000),
  /** App Attest: the CBOR assertion. Otherwise: an ECDSA P-256 SHA-256 signature (DER) over the client data bytes. */
  assertion: base64url(4_096),
  integrityToken: integrityTokenSchema.optional(),
});
export type AttestRequest = z.infer<typeof attestRequestSchema>;

/** Answer to an accepted enrolment (201) or attestation (200). */
export const attestationResponseSchema = z.object({
  token: z.string(),
  expiresAt: z.iso.datetime(),
  /** When the app should attest again: before the token expires, spread so that a fleet does not come at once. */
  refreshAfter: z.iso.datetime(),
  status: verdictSchema.exclude(['rejected']),
  instanceId: z.uuid(),
  /** Signed configuration (JWS), where the device's `configVersion` is behind. */
  config: z.string().optional(),
  /** API keys of which the app holds another version, or none. Never for `restricted`. */
  apiKeys: z.array(z.object({ id: z.string(), version: z.number().int(), value: z.string() })).optional(),
});
export type AttestationResponse = z.infer<typeof attestationResponseSchema>;

/** RFC 9457 problem details, with our stable `code`. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().optional(),
  /** What is wrong, by the path of the field. */
  fields: z.record(z.string(), z.string()).optional(),
  /** Pasteable code that finds the event in the console. */
  reference: z.string().optional(),
  requestId: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** What a relying party's question can be answered with. */
export const DECISION_OUTCOMES = [
  'valid',
  'missing',
  'malformed',
  'bad_signature',
  'expired',
  'wrong_audience',
  'blocked',
  'revoked',
  'binding_mismatch',
  'api_key_missing',
  'api_key_wrong',
  'api_key_revoked',
  'replayed',
  'stale',
] as const;
export const decisionOutcomeSchema = z.enum(DECISION_OUTCOMES);
export type DecisionOutcome = z.infer<typeof decisionOutcomeSchema>;

export { evidenceFormatSchema };
