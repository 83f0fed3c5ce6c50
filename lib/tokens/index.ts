export { type ConfigClaims, MAX_SIGNED_CONFIG_LENGTH, verifyConfig } from './app-config';
export {
  buildClaims,
  EAT_PROFILE,
  earStatus,
  MAX_TOKEN_LENGTH,
  type TokenClaims,
  type TokenFacts,
  type TrustTier,
  trustTier,
} from './claims';
export {
  jwksDocument,
  jwkThumbprint,
  type P256Jwk,
  publicKeyOf,
  type SigningJwk,
  signingJwkOf,
} from './jwks';
export {
  type AuthenticToken,
  authenticateToken,
  checkIssuerAndTimes,
  LEEWAY_SECONDS,
  type TokenExpectations,
  verifyToken,
} from './verify';
