import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { type AppConfig, appConfigSchema, appIdSchema } from '@/lib/contracts';
import { JWS_TYPES, type JwsFailure, verifyJws } from './jws';

/** Longest signed configuration that is issued or looked at, in characters. */
export const MAX_SIGNED_CONFIG_LENGTH = 256 * 1024;

/** Claims of a signed app configuration. It has no end: a device keeps the newest version that it has seen. */
export const configClaimsSchema = z.object({
  iss: z.string(),
  /** App id. */
  aud: appIdSchema,
  iat: z.number().int().min(0),
  config: appConfigSchema,
});
export type ConfigClaims = z.infer<typeof configClaimsSchema>;

/**
 * Verifies a signed app configuration (`typ: countersign-config+jwt`) of this issuer for this app, as a device does.
 * That its version does not fall is the holder's check. Total.
 */
export function verifyConfig(
  jws: string,
  keys: ReadonlyMap<string, KeyObject>,
  expected: { issuer: string; appId: string },
): { ok: true; config: AppConfig } | { ok: false; outcome: JwsFailure | 'wrong_audience' } {
  if (jws.length > MAX_SIGNED_CONFIG_LENGTH) return { ok: false, outcome: 'malformed' };
  const verified = verifyJws(jws, JWS_TYPES.config, keys);
  if (!verified.ok) return verified;
  const claims = configClaimsSchema.safeParse(verified.payload);
  if (!claims.success) return { ok: false, outcome: 'malformed' };
  const { iss, aud, config } = claims.data;
  const isExpected = iss === expected.issuer && aud === expected.appId;
  return isExpected ? { ok: true, config } : { ok: false, outcome: 'wrong_audience' };
}
