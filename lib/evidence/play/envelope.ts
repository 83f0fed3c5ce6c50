import { isUtf8 } from 'node:buffer';
import { createDecipheriv, type KeyObject, verify } from 'node:crypto';
import { fromBase64Url } from '@/lib/core';
import { type Finding, fail, pass } from '../steps';

/** Google's tokens have some two thousand characters. */
export const MAX_TOKEN_LENGTH = 16_384;
const WRAPPED_KEY_BYTES = 40;
const CEK_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SIGNATURE_BYTES = 64;
/** RFC 3394's initial value. */
const KEY_WRAP_IV = Buffer.alloc(8, 0xa6);

/** The parts of a compact JWE, decoded. */
export interface Encrypted {
  readonly header: Readonly<Record<string, unknown>>;
  /** The header as it was sent: what the content is authenticated with. */
  readonly additionalData: Buffer;
  readonly wrappedKey: Buffer;
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

/** The parts of a compact JWS, decoded. */
export interface Signed {
  readonly header: Readonly<Record<string, unknown>>;
  readonly signingInput: Buffer;
  readonly payload: Buffer;
  readonly signature: Buffer;
}

/** A JSON object of UTF-8 bytes; `undefined` for anything else. */
export function parseJsonObject(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  if (!isUtf8(bytes)) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Exactly so many parts, each canonical base64url. */
function decodeParts(text: string, count: number): Buffer[] | undefined {
  const parts = text.split('.', count + 1);
  if (parts.length !== count) return undefined;
  const decoded = parts.flatMap((part) => fromBase64Url(part) ?? []);
  return decoded.length === count ? decoded : undefined;
}

/** Reads a compact JWE (RFC 7516 §7.1) with the lengths that A256KW and A256GCM have. */
export function readEncrypted(token: string): Finding<Encrypted> {
  const malformed = (detail: string) => fail('integrity_token_malformed', detail);
  if (token.length > MAX_TOKEN_LENGTH) return malformed('The token is too long.');
  const [headerBytes, wrappedKey, iv, ciphertext, tag] = decodeParts(token, 5) ?? [];
  if (!headerBytes || !wrappedKey || !iv || !ciphertext || !tag) {
    return malformed('The token is not a compact JWE.');
  }
  const header = parseJsonObject(headerBytes);
  if (header === undefined) return malformed('The header of the token is not a JSON object.');
  const additionalData = Buffer.from(token.slice(0, token.indexOf('.')), 'ascii');
  return pass({ header, additionalData, wrappedKey, iv, ciphertext, tag }, 'The token is a compact JWE.');
}

/** Pins how a header says that it was made. Keys that it may carry (`jwk`, `jku`, `x5c`, `kid`) are never looked at. */
function headerFault(
  header: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, string>>,
): string | undefined {
  for (const [member, value] of Object.entries(expected)) {
    if (!Object.hasOwn(header, member) || header[member] !== value) return `${member} is not ${value}`;
  }
  if (Object.hasOwn(header, 'crit')) return 'crit names what is not understood';
  if (Object.hasOwn(header, 'zip')) return 'zip is not part of the format';
  return undefined;
}

/** A256KW and A256GCM, without compression and without critical members. */
export function checkEncryption({ header }: Encrypted): Finding<void> {
  const fault = headerFault(header, { alg: 'A256KW', enc: 'A256GCM' });
  return fault === undefined
    ? pass(undefined, 'Encrypted with A256KW and A256GCM.')
    : fail('integrity_token_algorithm', `The token's header: ${fault}.`);
}

/** Opens the token with the app's key (RFC 3394, then GCM with a full tag over the header). */
export function decrypt(encrypted: Encrypted, decryptionKey: Uint8Array): Finding<Buffer> {
  const content = open(encrypted, decryptionKey);
  return content === undefined
    ? fail('integrity_token_undecryptable', 'The token does not open with the key of this app.')
    : pass(content, 'The token opens with the key of this app.');
}

function open(
  { additionalData, wrappedKey, iv, ciphertext, tag }: Encrypted,
  key: Uint8Array,
): Buffer | undefined {
  if (wrappedKey.length !== WRAPPED_KEY_BYTES || iv.length !== IV_BYTES || tag.length !== TAG_BYTES) {
    return undefined;
  }
  try {
    const unwrap = createDecipheriv('id-aes256-wrap', key, KEY_WRAP_IV);
    const contentKey = Buffer.concat([unwrap.update(wrappedKey), unwrap.final()]);
    if (contentKey.length !== CEK_BYTES) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', contentKey, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(additionalData);
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** Reads what the token held: a compact JWS (RFC 7515 §7.1). */
export function readSigned(content: Uint8Array): Finding<Signed> {
  const text = Buffer.from(content).toString('latin1');
  const [headerBytes, payload, signature] = decodeParts(text, 3) ?? [];
  const header = headerBytes && parseJsonObject(headerBytes);
  if (!header || !payload || !signature) {
    return fail('integrity_token_malformed', 'The content of the token is not a compact JWS.');
  }
  const signingInput = Buffer.from(text.slice(0, text.lastIndexOf('.')), 'latin1');
  return pass({ header, signingInput, payload, signature }, 'The content of the token is a compact JWS.');
}

/** ES256 and nothing else, without critical members. */
export function checkSigning({ header }: Signed): Finding<void> {
  const fault = headerFault(header, { alg: 'ES256' });
  return fault === undefined
    ? pass(undefined, 'Signed with ES256.')
    : fail('integrity_token_algorithm', `The signed content's header: ${fault}.`);
}

/** Google's signature: the one part of the token that only Google can make. */
export function checkSignature({ signingInput, signature }: Signed, key: KeyObject): Finding<void> {
  return signature.length === SIGNATURE_BYTES && isSigned(key, signingInput, signature)
    ? pass(undefined, 'Google’s key for this app signed the verdict.')
    : fail('integrity_token_bad_signature', 'Google’s key for this app did not sign this verdict.');
}

function isSigned(key: KeyObject, data: Buffer, signature: Buffer): boolean {
  try {
    return verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature);
  } catch {
    return false;
  }
}
