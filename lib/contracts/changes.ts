import { z } from 'zod';
import { deliveredConfigSchema } from './app-config';
import { blockEffectSchema, blockScopeSchema } from './blocks';
import { minimumVersionsSchema } from './emergency';
import { integrityRequestSchema } from './integrity';
import { newerPolicySchema, policySchema } from './policy';
import { appIdSchema } from './protocol';
import { quarantineSnapshotSchema } from './quarantines';

/*
 * What travels in the change feed: for each topic, the whole new state of one small entity, so that applying a change
 * twice, or after a reload that already held it, gives the same snapshot.
 */

export const trustAnchorSchema = z.strictObject({
  name: z.string().min(1).max(80),
  certificatePem: z.string().max(8_192),
});

/** An app as the service sees it: identity, reference values and the policy in force. */
export const appSnapshotSchema = z.object({
  id: appIdSchema,
  name: z.string(),
  environment: z.enum(['production', 'development']),
  appleTeamId: z.string().nullable(),
  appleBundleIds: z.array(z.string()),
  appleEnvironments: z.array(z.enum(['production', 'development'])),
  androidPackages: z.array(z.string()),
  /** SHA-256 of the signing certificates, lower-case hex. */
  androidSignerDigests: z.array(z.string()),
  trustAnchors: z.array(trustAnchorSchema),
  onStale: z.enum(['strict', 'best_effort']),
  tellBlocked: z.boolean(),
  /** The kind of Play Integrity requests that the app makes; `null` where it makes none that are looked at. */
  integrityRequest: integrityRequestSchema.nullable().default(null),
  /** Rises whenever the keys of Play Integrity change. */
  integrityRevision: z.number().int().default(0),
  /** For how many days raw evidence is archived; 0 is not at all. */
  archiveDays: z.number().int().default(0),
  configVersion: z.number().int(),
  /** What devices are told under that version; a change that does not say is from before there was any. */
  config: deliveredConfigSchema.default({ pins: [], protectedOrigins: [] }),
  policyVersion: z.number().int(),
  policy: policySchema,
  /** The version that is being rolled out, and for which share of devices it decides; 0: it is observed. */
  candidate: z
    .object({
      rolloutId: z.uuid(),
      version: z.number().int(),
      policy: policySchema,
      percent: z.number().min(0).max(100),
    })
    .nullable()
    .default(null),
  quarantines: z.array(quarantineSnapshotSchema).default([]),
  minimumVersions: minimumVersionsSchema.default({ ios: null, android: null }),
  versions: z.array(
    z.object({
      platform: z.enum(['ios', 'android']),
      version: z.string(),
      status: z.enum(['registered', 'withdrawn']),
    }),
  ),
});
export type AppSnapshot = z.infer<typeof appSnapshotSchema>;

/** The same as a node reads it: a policy of a newer schema must not keep the node from all other changes. */
export const appChangeSchema = appSnapshotSchema.extend({
  policy: z.union([policySchema, newerPolicySchema]),
  candidate: appSnapshotSchema.shape.candidate.catch(null),
});
export type AppChange = z.infer<typeof appChangeSchema>;

/** A protected API as the service sees it. */
export const apiSnapshotSchema = z.object({
  id: z.string(),
  name: z.string(),
  appIds: z.array(z.string()),
  mode: z.enum(['observe', 'enforce']),
});
export type ApiSnapshot = z.infer<typeof apiSnapshotSchema>;

/** A block or an allowlist entry, or its end (`active: false`). */
export const blockSnapshotSchema = z.object({
  id: z.uuid(),
  scope: blockScopeSchema,
  /** `null` for every app. */
  appId: z.string().nullable(),
  target: z.string(),
  /** Changes of versions before 0.2 do not say it. */
  effect: blockEffectSchema.default('refuse'),
  /** Milliseconds since the epoch at which the block ends by itself. */
  expiresAtMs: z.number().nullable(),
  active: z.boolean(),
});
export type BlockSnapshot = z.infer<typeof blockSnapshotSchema>;

/**
 * The life of a token-signing key. `staged` is published and signs nothing yet, `active` signs, `retiring` verifies until
 * its last token has expired, `retired` is published no more, `revoked` is refused, with all that it ever signed.
 */
export const SIGNING_KEY_STATES = ['staged', 'active', 'retiring', 'retired', 'revoked'] as const;
export const signingKeyStateSchema = z.enum(SIGNING_KEY_STATES);
export type SigningKeyState = z.infer<typeof signingKeyStateSchema>;

/** A token-signing key, public half only. */
export const signingKeySnapshotSchema = z.object({
  kid: z.string(),
  publicJwk: z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() }),
  state: signingKeyStateSchema,
  /** What nodes of the version before this one go by. */
  status: z.enum(['active', 'retiring', 'revoked']),
});
export type SigningKeySnapshot = z.infer<typeof signingKeySnapshotSchema>;

/** Levels at which tokens are cut off. The effective cut-off of a token is the latest of all that concern it. */
export const CUT_OFF_SCOPES = ['organisation', 'app', 'signing_key', 'api', 'instance'] as const;
export const cutOffScopeSchema = z.enum(CUT_OFF_SCOPES);
export type CutOffScope = z.infer<typeof cutOffScopeSchema>;

/** A cut-off as nodes and relying parties obey it: no token with an `iat` before `notBeforeSeconds` is good. */
export const cutOffSnapshotSchema = z.object({
  id: z.uuid(),
  scope: cutOffScopeSchema,
  target: z.string(),
  notBeforeSeconds: z.number().int(),
});
export type CutOffSnapshot = z.infer<typeof cutOffSnapshotSchema>;

export const apiKeyKindSchema = z.enum(['managed', 'external']);
export type ApiKeyKind = z.infer<typeof apiKeyKindSchema>;
export const apiKeyStatusSchema = z.enum(['staged', 'active', 'retiring', 'revoked']);
export type ApiKeyStatus = z.infer<typeof apiKeyStatusSchema>;

/** An API key as nodes must obey it, without its values. */
export const apiKeySnapshotSchema = z.object({
  id: z.uuid(),
  appId: z.string(),
  name: z.string(),
  kind: apiKeyKindSchema,
  apiIds: z.array(z.string()),
  isRequired: z.boolean(),
  versions: z.array(
    z.object({
      version: z.number().int(),
      status: apiKeyStatusSchema,
      /** Milliseconds since the epoch from which it is the active one. */
      activatedAtMs: z.number().nullable(),
      /** When a retiring version ends by itself. */
      retiresAtMs: z.number().nullable(),
      /** SHA-256 of a managed value, base64url. Never in the feed: nodes read it from its own table. */
      valueHash: z.string().nullable().default(null),
    }),
  ),
});
export type ApiKeySnapshot = z.infer<typeof apiKeySnapshotSchema>;

/** A relying party that follows the revocation feed by name, or its end. */
export const relyingPartySnapshotSchema = z.object({
  id: z.uuid(),
  /** SHA-256 of its credential, base64url. The credential is 256 random bits: nothing leads back to it. */
  credentialHash: z.string(),
  active: z.boolean(),
});
export type RelyingPartySnapshot = z.infer<typeof relyingPartySnapshotSchema>;
/** What is known of the vendor's list of revoked attestation keys, and how old it may be. */
export const statusListSnapshotSchema = z.object({
  /** SHA-256 of the list's text, hex; `null` while none has been fetched. */
  digest: z.string().nullable(),
  /** When its source last said that this text is the current one, in milliseconds since the epoch. */
  fetchedAtMs: z.number().nullable(),
  /** Age from which production apps refuse what the list would have to vouch for; `null` never. */
  maxAgeSeconds: z.number().nullable(),
  /** The text. Never in the feed: nodes read it from its own table, and only where they do not hold it. */
  list: z.string().nullable().default(null),
});
export type StatusListSnapshot = z.infer<typeof statusListSnapshotSchema>;

/** Payload schema per topic of the change feed. */
export const CHANGE_TOPICS = {
  app: appChangeSchema,
  api: apiSnapshotSchema,
  block: blockSnapshotSchema,
  signing_key: signingKeySnapshotSchema,
  cut_off: cutOffSnapshotSchema,
  api_key: apiKeySnapshotSchema,
  relying_party: relyingPartySnapshotSchema,
  status_list: statusListSnapshotSchema,
} as const;
export type ChangeTopic = keyof typeof CHANGE_TOPICS;
export type ChangePayloads = { [Topic in ChangeTopic]: z.infer<(typeof CHANGE_TOPICS)[Topic]> };

/** One change as read from the feed. */
export type Change = {
  [Topic in ChangeTopic]: { seq: number; topic: Topic; payload: ChangePayloads[Topic] };
}[ChangeTopic];
