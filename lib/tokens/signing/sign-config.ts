import type { AppConfig } from '@/lib/contracts';
import { type ConfigClaims, MAX_SIGNED_CONFIG_LENGTH } from '../app-config';
import { JWS_TYPES } from '../jws';
import type { SigningKey } from './keys';
import { signJws } from './sign-jws';

/**
 * Signs an app's configuration with a token-signing key: compact JWS, ES256, `typ: countersign-config+jwt`. Synchronous.
 * @throws RangeError for a configuration that no device would read, being too long
 */
export function signConfig(
  signingKey: SigningKey,
  { issuer, appId, config, nowMs }: { issuer: string; appId: string; config: AppConfig; nowMs: number },
): string {
  const claims: ConfigClaims = { iss: issuer, aud: appId, iat: Math.floor(nowMs / 1000), config };
  const jws = signJws(signingKey, JWS_TYPES.config, claims);
  if (jws.length > MAX_SIGNED_CONFIG_LENGTH) throw new RangeError('The configuration is too long.');
  return jws;
}
