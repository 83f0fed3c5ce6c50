import { z } from 'zod';
import { bootClaimsSchema, platformSchema, securityLevelSchema } from '@/lib/contracts';
import { type Certificate, decodeUtf8 } from '@/lib/crypto';
import { type Finding, fail, pass } from '../steps';

/** Private extension of a simulator's leaf: its claims as JSON. An OID of the UUID arc (ITU-T X.667). */
export const DEV_CLAIMS_EXTENSION = '2.25.147705519609202415722899588535047738273';

const text = z.string().min(1).max(256);

/** What a simulator states about its pretended device. */
export const devClaimsSchema = z.strictObject({
  platform: platformSchema,
  securityLevel: securityLevelSchema,
  /** `TEAMID.bundle.id` or a package name. */
  appId: text,
  appVersion: text.nullable(),
  /** SHA-256, lower-case hex; empty on iOS. */
  signerDigests: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(8),
  osVersion: text.nullable(),
  osPatchLevel: z
    .string()
    .regex(/^\d{4}-\d{2}(-\d{2})?$/)
    .nullable(),
  boot: bootClaimsSchema.nullable(),
});
export type DevClaims = z.infer<typeof devClaimsSchema>;

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** Reads the simulator's claims from its leaf. */
export function readDevClaims(leaf: Certificate): Finding<DevClaims> {
  const extension = leaf.extensions.get(DEV_CLAIMS_EXTENSION);
  if (extension === undefined) return fail('evidence_extension_missing', 'The leaf has no simulator claims.');
  const parsed = devClaimsSchema.safeParse(parseJson(decodeUtf8(extension.value)));
  return parsed.success
    ? pass(parsed.data, 'The leaf holds simulator claims.')
    : fail('evidence_extension_malformed', 'The simulator claims are malformed.');
}
