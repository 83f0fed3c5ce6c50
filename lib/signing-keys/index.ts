export { ensureSigningKey } from './ensure-signing-key';
export { openSigningKeys, SigningKeyUnreadableError } from './open-signing-keys';
