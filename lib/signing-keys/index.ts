export { listSigningKeys } from './list-signing-keys';
export { openSigningKeys, SigningKeyUnreadableError } from './open-signing-keys';
export { advanceSigningKeys, ensureSigningKey, performNextStep } from './perform-steps';
export { requestRotation } from './request-rotation';
export { restoreKeyRevocations, revokeSigningKey } from './revoke-signing-key';
export { scheduleRotation } from './schedule-rotation';
export { SIGNING_KEYS_CHANNEL } from './store';
