import { createHash } from 'node:crypto';

/**
 * Id of the instance that holds a key: a UUIDv8 (RFC 9562 §5.8) of SHA-256 over the app and the key's id. One key is one
 * instance, on every node and without a look-up; an app and another app never share one.
 */
export function instanceIdOf(appId: string, keyId: string): string {
  // An app id holds no NUL, so the two cannot be shifted into each other.
  const bytes = createHash('sha256').update(`${appId}\0${keyId}`).digest().subarray(0, 16);
  bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
