import type { KeyObject } from 'node:crypto';
import { fromBase64 } from '@/lib/core';
import { importP256Spki } from '@/lib/crypto';

/** An app's response keys, with which classic tokens are opened and verified here. */
export interface PlayKeys {
  /** AES-256, opens the token. The app's owner holds it too: it proves nothing about Google. */
  readonly decryptionKey: Uint8Array;
  /** Google's P-256 key for this app. */
  readonly verificationKey: KeyObject;
}

const AES_KEY_BYTES = 32;

/** Reads the keys as the Play Console spells them, base64 and base64 of DER; the name of the one that cannot be read. */
export function readPlayKeys(keys: {
  decryptionKey: string;
  verificationKey: string;
}): { ok: true; keys: PlayKeys } | { ok: false; wrong: 'decryptionKey' | 'verificationKey' } {
  const decryptionKey = fromBase64(keys.decryptionKey);
  if (decryptionKey?.length !== AES_KEY_BYTES) return { ok: false, wrong: 'decryptionKey' };
  const verificationKey = readVerificationKey(keys.verificationKey);
  if (verificationKey === undefined) return { ok: false, wrong: 'verificationKey' };
  return { ok: true, keys: { decryptionKey, verificationKey } };
}

/** The verification key: a P-256 SubjectPublicKeyInfo in base64. */
export function readVerificationKey(base64: string): KeyObject | undefined {
  const spki = fromBase64(base64);
  return spki === undefined ? undefined : importP256Spki(spki);
}
