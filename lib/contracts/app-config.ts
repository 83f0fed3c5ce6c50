import { z } from 'zod';

/** Canonical base64 of 32 bytes: the two bits that do not fit are zero. */
const SHA256_BASE64 = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

/** A pin: SHA-256 of a SubjectPublicKeyInfo, base64, as in RFC 7469. */
export const spkiSha256Schema = z.string().regex(SHA256_BASE64, 'must be a SHA-256 digest in base64');

/** Most pins of one host. */
export const MAX_PINS = 16;
/** Most hosts that one app pins. */
export const MAX_ORIGINS = 64;

/** Certificate pins of one host: a connection is good where some key of its chain is among them. */
export const pinSetSchema = z.object({
  host: z.string().min(1).max(253),
  includeSubdomains: z.boolean(),
  /** A failure is reported and the connection goes on. */
  reportOnly: z.boolean().default(false),
  spkiSha256: z.array(spkiSha256Schema).min(1).max(MAX_PINS),
});
export type PinSet = z.infer<typeof pinSetSchema>;

/** The part of an app's configuration that its owner decides about, as stored and as service nodes know it. */
export const deliveredConfigSchema = z.object({
  pins: z.array(pinSetSchema).max(MAX_ORIGINS),
  protectedOrigins: z.array(z.string().min(1).max(261)).max(MAX_ORIGINS),
});
export type DeliveredConfig = z.infer<typeof deliveredConfigSchema>;

/** What an app is told over the air: its pins, the origins that want a token, and free parameters. */
export const appConfigSchema = z.object({
  /** Rises with every change; devices send back the version that they hold. */
  version: z.number().int().min(0),
  ...deliveredConfigSchema.shape,
  parameters: z.record(z.string().min(1).max(64), z.string().max(1024)),
});
export type AppConfig = z.infer<typeof appConfigSchema>;
