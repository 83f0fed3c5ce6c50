import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { RowIdentity } from './sealing';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A key for one record alone: random nonces under one key would run out with billions of records. */
function keyFor(key: Uint8Array, { table, id }: RowIdentity): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, '', JSON.stringify(['record/v1', table, id]), KEY_BYTES));
}

/** Seals one record under a symmetric key: AES-256-GCM with a key derived for its row, so that it opens nowhere else. */
export function sealRecord(key: Uint8Array, plaintext: Uint8Array, identity: RowIdentity): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyFor(key, identity), nonce, { authTagLength: TAG_BYTES });
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what was sealed for this very row; `undefined` for everything else. */
export function openRecord(key: Uint8Array, sealed: Uint8Array, identity: RowIdentity): Buffer | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  try {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const options = { authTagLength: TAG_BYTES };
    const decipher = createDecipheriv('aes-256-gcm', keyFor(key, identity), nonce, options);
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const content = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);
    return Buffer.concat([decipher.update(content), decipher.final()]);
  } catch {
    return undefined;
  }
}
