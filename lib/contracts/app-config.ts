import { z } from 'zod';

/** Canonical base64 of 32 bytes: the two bits that do not fit are zero. */
const SHA256_BASE64 = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

/** Certificate pins of one host: SHA-256 of the SubjectPublicKeyInfo, base64, as in RFC 7469. */
export const pinSetSchema = z.object({
  host: z.string().min(1).max(253),
  includeSubdomains: z.boolean(),
  spkiSha256: z.array(z.string().regex(SHA256_BASE64, 'must be a SHA-256 digest in base64')).min(1).max(16),
});

/** What an app is told over the air: its pins, the origins that want a token, and free parameters. */
export const appConfigSchema = z.object({
  /** Rises with every change; devices send back the version that they hold. */
  version: z.number().int().min(0),
  pins: z.array(pinSetSchema).max(64),
  protectedOrigins: z.array(z.string().min(1).max(255)).max(64),
  parameters: z.record(z.string().min(1).max(64), z.string().max(1024)),
});
export type AppConfig = z.infer<typeof appConfigSchema>;
