import { z } from 'zod';
import { blockEffectSchema, blockScopeSchema } from './blocks';
import { policySchema } from './policy';
import { appIdSchema } from './protocol';

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
  configVersion: z.number().int(),
  policyVersion: z.number().int(),
  policy: policySchema,
  versions: z.array(
    z.object({
      platform: z.enum(['ios', 'android']),
      version: z.string(),
      status: z.enum(['registered', 'withdrawn']),
    }),
  ),
});
export type AppSnapshot = z.infer<typeof appSnapshotSchema>;

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

/** A token-signing key, public half only. */
export const signingKeySnapshotSchema = z.object({
  kid: z.string(),
  publicJwk: z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() }),
  status: z.enum(['active', 'retiring', 'revoked']),
});
export type SigningKeySnapshot = z.infer<typeof signingKeySnapshotSchema>;

/** Payload schema per topic of the change feed. */
export const CHANGE_TOPICS = {
  app: appSnapshotSchema,
  api: apiSnapshotSchema,
  block: blockSnapshotSchema,
  signing_key: signingKeySnapshotSchema,
} as const;
export type ChangeTopic = keyof typeof CHANGE_TOPICS;
export type ChangePayloads = { [Topic in ChangeTopic]: z.infer<(typeof CHANGE_TOPICS)[Topic]> };

/** One change as read from the feed. */
export type Change = {
  [Topic in ChangeTopic]: { seq: number; topic: Topic; payload: ChangePayloads[Topic] };
}[ChangeTopic];
