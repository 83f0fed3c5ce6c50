import type { KeyObject } from 'node:crypto';
import { fromBase64Url } from '@/lib/core';
import { BoundedCache, importP256Spki } from '@/lib/crypto';
import { type Finding, fail, pass } from './steps';

const KEY_CACHE_SIZE = 8192;
const keys = new BoundedCache<KeyObject>(KEY_CACHE_SIZE);

function importKey(publicKey: string): KeyObject | undefined {
  const known = keys.get(publicKey);
  if (known !== undefined) return known;
  const spki = fromBase64Url(publicKey);
  const key = spki === undefined ? undefined : importP256Spki(spki);
  if (key !== undefined) keys.set(publicKey, key);
  return key;
}

/** The enrolled key of a base64url SubjectPublicKeyInfo; only P-256 keys can assert. */
export function loadAssertingKey(publicKey: string): Finding<KeyObject> {
  const key = importKey(publicKey);
  return key === undefined
    ? fail('evidence_key_unsupported', 'The enrolled key is not a P-256 key.')
    : pass(key, 'The enrolled key is a P-256 key.');
}
