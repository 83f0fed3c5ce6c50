import { MAX_TOKEN_LENGTH, type TokenClaims } from '../claims';
import { JWS_TYPES } from '../jws';
import type { SigningKey } from './keys';
import { signJws } from './sign-jws';

/**
 * Signs an attestation result: compact JWS, ES256, `typ: eat+jwt`. Synchronous.
 * @throws RangeError for claims that no relying party would read, being too long
 */
export function signToken(signingKey: SigningKey, claims: TokenClaims): string {
  const token = signJws(signingKey, JWS_TYPES.token, claims);
  if (token.length > MAX_TOKEN_LENGTH) throw new RangeError('The token is too long.');
  return token;
}
