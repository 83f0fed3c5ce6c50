import { z } from 'zod';
import { signingKeyStateSchema } from './changes';
import { reasonSchema } from './reason';

const at = z.iso.datetime({ offset: true });

/** RFC 7638 thumbprint, SHA-256, base64url. */
export const kidSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'is no key id');

/** A signing key as the console shows it: no private material, sealed or not. */
export const signingKeyViewSchema = z.object({
  kid: kidSchema,
  state: signingKeyStateSchema,
  createdAt: at,
  activatedAt: at.nullable(),
  /** When the next key took over. */
  replacedAt: at.nullable(),
  /** When its last token has expired. */
  retiresAt: at.nullable(),
  retiredAt: at.nullable(),
  revokedAt: at.nullable(),
  revokedByName: z.string().nullable(),
  revokeReason: z.string().nullable(),
  seq: z.number().int().nullable(),
  /** Devices that hold a token of it which is good until it expires. */
  devices: z.number().int(),
});
export type SigningKeyView = z.infer<typeof signingKeyViewSchema>;

export const signingKeyRotationSchema = z.object({
  id: z.uuid(),
  reason: z.string(),
  requestedByName: z.string(),
  requestedAt: at,
  /** `null` while the service has not performed it. */
  performedAt: at.nullable(),
  kid: z.string().nullable(),
  seq: z.number().int().nullable(),
  /** From when the next key may sign at the earliest: it is published long enough then. `null` once performed. */
  possibleAt: at.nullable(),
});
export type SigningKeyRotation = z.infer<typeof signingKeyRotationSchema>;

export const signingKeysSchema = z.object({
  /** The one that signs first, then by age, newest first. */
  keys: z.array(signingKeyViewSchema),
  /** The newest rotation, pending or performed. */
  rotation: signingKeyRotationSchema.nullable(),
  rotateEveryDays: z.number().int().nullable(),
  /** When the schedule asks for the next rotation. */
  nextRotationAt: at.nullable(),
});
export type SigningKeys = z.infer<typeof signingKeysSchema>;

export const rotationRequestSchema = z.strictObject({ reason: reasonSchema });
export type RotationRequest = z.infer<typeof rotationRequestSchema>;

export const keyRevocationSchema = z.strictObject({ reason: reasonSchema });
export type KeyRevocation = z.infer<typeof keyRevocationSchema>;

/** The key that was revoked, and the position in the change feed by which its enforcement is proved. */
export const revokedKeySchema = z.object({ kid: kidSchema, seq: z.number().int() });
export type RevokedKey = z.infer<typeof revokedKeySchema>;

export const signingKeyScheduleSchema = z.strictObject({
  /** `null`: a key is rotated only when somebody asks for it. */
  rotateEveryDays: z.number().int().min(1).max(3650).nullable(),
  reason: reasonSchema,
});
export type SigningKeySchedule = z.infer<typeof signingKeyScheduleSchema>;
