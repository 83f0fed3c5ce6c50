import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { CompactEncrypt, calculateJwkThumbprint, compactDecrypt } from 'jose';
import { fromBase64Url, toBase64Url } from '@/lib/core';

/** The row that a sealed or wrapped value belongs to; elsewhere it does not open. */
export interface RowIdentity {
  table: string;
  id: string;
}

/** Public half of the service's sealing key, `kid` being its RFC 7638 thumbprint. */
export interface SealingPublicJwk {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
  kid: string;
}

/**
 * Why a value does not open: it is not of our making (`sealed_malformed`), another key or a changed byte
 * (`sealed_unreadable`), another row's (`sealed_identity_mismatch`), or another master key's (`master_key_mismatch`).
 */
export type SealingFailure =
  | 'sealed_malformed'
  | 'sealed_unreadable'
  | 'sealed_identity_mismatch'
  | 'master_key_mismatch';

type Opened<Value> = ({ ok: true } & Value) | { ok: false; code: SealingFailure };

/** Largest secret that can be sealed, in bytes. */
export const MAX_SECRET_BYTES = 64 * 1024;
const MAX_SEALED_LENGTH = 2 * MAX_SECRET_BYTES;
const SEALED_TYPE = 'countersign-sealed+jwe';
const MASTER_KEY_BYTES = 32;
const GCM_TAG_BYTES = 16;
const GCM_NONCE_BYTES = 12;

/** A new P-256 key pair to seal secrets to. The private half is for `wrapPrivateKey` and the service's memory only. */
export async function createSealingKeyPair(): Promise<{
  publicJwk: SealingPublicJwk;
  privateKey: KeyObject;
}> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { publicJwk: await sealingPublicJwk(privateKey), privateKey };
}

/** The public half of a sealing key. */
export async function sealingPublicJwk(privateKey: KeyObject): Promise<SealingPublicJwk> {
  const { x, y } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (x === undefined || y === undefined) throw new TypeError('A sealing key is a P-256 key.');
  const jwk = { kty: 'EC', crv: 'P-256', x, y } as const;
  return { ...jwk, kid: await calculateJwkThumbprint(jwk) };
}

/**
 * Seals a secret to the service: compact JWE, ECDH-ES and A256GCM, with the row in the protected header. Whoever seals
 * cannot open.
 * @throws RangeError for more than MAX_SECRET_BYTES
 */
export async function sealSecret(
  publicJwk: SealingPublicJwk,
  plaintext: Uint8Array,
  identity: RowIdentity,
): Promise<string> {
  if (plaintext.length > MAX_SECRET_BYTES) throw new RangeError('The secret is too long to be sealed.');
  const { kid, ...key } = publicJwk;
  const row = { table: identity.table, id: identity.id };
  return await new CompactEncrypt(plaintext)
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', typ: SEALED_TYPE, kid, row })
    .encrypt(key);
}

/** Opens what `sealSecret` sealed for this very row. Never throws on a bad JWE, and names no byte of it. */
export async function openSecret(
  privateKey: KeyObject,
  sealed: string,
  identity: RowIdentity,
): Promise<Opened<{ plaintext: Uint8Array }>> {
  if (sealed.length > MAX_SEALED_LENGTH) return { ok: false, code: 'sealed_malformed' };
  const opened = await decrypt(privateKey, sealed);
  if (opened === undefined) return { ok: false, code: 'sealed_unreadable' };
  // The header is authenticated by now: a row found here is the one that it was sealed for.
  if (opened.protectedHeader.typ !== SEALED_TYPE) return { ok: false, code: 'sealed_malformed' };
  if (!isRow(opened.protectedHeader.row, identity)) {
    opened.plaintext.fill(0);
    return { ok: false, code: 'sealed_identity_mismatch' };
  }
  return { ok: true, plaintext: opened.plaintext };
}

async function decrypt(privateKey: KeyObject, sealed: string) {
  try {
    return await compactDecrypt(sealed, privateKey, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
      maxDecompressedLength: 0,
    });
  } catch {
    return undefined;
  }
}

function isRow(row: unknown, identity: RowIdentity): boolean {
  if (typeof row !== 'object' || row === null) return false;
  const { table, id } = row as Partial<Record<keyof RowIdentity, unknown>>;
  return table === identity.table && id === identity.id;
}

/**
 * Wraps a private key under the master key: AES-256-GCM with a key derived by HKDF, the row as additional data. The
 * result names the master key (a MAC, which tells nothing about it), so that a wrong one is told from a changed byte.
 * @throws TypeError for a master key that is not 32 bytes
 */
export function wrapPrivateKey(masterKey: Uint8Array, privateKey: KeyObject, identity: RowIdentity): string {
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  const nonce = randomBytes(GCM_NONCE_BYTES);
  const masterKeyId = masterKeyIdOf(masterKey);
  const cipher = createCipheriv('aes-256-gcm', wrappingKey(masterKey), nonce, {
    authTagLength: GCM_TAG_BYTES,
  });
  cipher.setAAD(additionalData(masterKeyId, identity));
  const ciphertext = Buffer.concat([cipher.update(pkcs8), cipher.final()]);
  pkcs8.fill(0);
  const parts = [nonce, ciphertext, cipher.getAuthTag()].map(toBase64Url);
  return [WRAPPED_VERSION, masterKeyId, ...parts].join('.');
}

/**
 * Unwraps what `wrapPrivateKey` wrapped for this very row under this very master key; a value for everything else.
 * @throws TypeError for a master key that is not 32 bytes
 */
export function unwrapPrivateKey(
  masterKey: Uint8Array,
  wrapped: string,
  identity: RowIdentity,
): Opened<{ privateKey: KeyObject }> {
  const expectedMasterKeyId = masterKeyIdOf(masterKey);
  const [version, masterKeyId, ...encoded] = wrapped.split('.');
  const [nonce, ciphertext, tag] = encoded.map(fromBase64Url);
  if (
    version !== WRAPPED_VERSION ||
    encoded.length !== 3 ||
    nonce?.length !== GCM_NONCE_BYTES ||
    tag?.length !== GCM_TAG_BYTES ||
    ciphertext === undefined
  ) {
    return { ok: false, code: 'sealed_malformed' };
  }
  if (masterKeyId !== expectedMasterKeyId) return { ok: false, code: 'master_key_mismatch' };
  try {
    const decipher = createDecipheriv('aes-256-gcm', wrappingKey(masterKey), nonce, {
      authTagLength: GCM_TAG_BYTES,
    });
    decipher.setAAD(additionalData(masterKeyId, identity));
    decipher.setAuthTag(tag);
    const pkcs8 = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    pkcs8.fill(0);
    return { ok: true, privateKey };
  } catch {
    return { ok: false, code: 'sealed_unreadable' };
  }
}

const WRAPPED_VERSION = 'w1';
const MASTER_KEY_ID_BYTES = 8;

function wrappingKey(masterKey: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', masterKey, '', 'countersign/wrap-private-key/v1', 32));
}

function masterKeyIdOf(masterKey: Uint8Array): string {
  if (masterKey.length !== MASTER_KEY_BYTES) throw new TypeError('A master key is 32 bytes.');
  const mac = createHmac('sha256', masterKey).update('countersign/master-key-id/v1').digest();
  return toBase64Url(mac.subarray(0, MASTER_KEY_ID_BYTES));
}

function additionalData(masterKeyId: string, identity: RowIdentity): Buffer {
  return Buffer.from(JSON.stringify([WRAPPED_VERSION, masterKeyId, identity.table, identity.id]));
}
