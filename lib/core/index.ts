export { equalBytes, fromBase64, fromBase64Url, fromHex, sha256, toBase64Url, toHex } from './bytes';
export { type Clock, fixedClock, systemClock } from './clock';
export { type DescribedError, describeError } from './describe-error';
export { type Env, EnvError, isDevelopmentServer, readEnv } from './env';
export { AppError, ERROR_CATALOGUE, type ErrorCode } from './errors';
export {
  type ApiId,
  type AppId,
  type BlockId,
  type BlockRuleId,
  type Branded,
  type EventId,
  type InstanceId,
  newId,
  newReference,
  type OriginId,
  parseReference,
  type RelyingPartyId,
  type RotationId,
  type SessionId,
  type StaffId,
} from './ids';
export { createLogger, type Logger, silentLogger } from './logger';
export { pooledRandomBytes } from './random';
