import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { PinSource, PinsRead } from '@/lib/contracts';
import { AppError, sha256 } from '@/lib/core';
import { contextTag, DER, readDer, readDerMembers } from '@/lib/crypto';

/** Most keys that are read from one text. */
const MAX_KEYS = 16;
const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\s]*)-----END \1-----/g;
/** Any private key, whatever its form, and however broken the rest of the text is. */
const PRIVATE_PEM = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/i;
const DIGEST = /^(?:sha256\/)?([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)$/;

type KeyRead = PinsRead['keys'][number];

/** SHA-256 of a SubjectPublicKeyInfo in base64, as a pin names it. */
export function pinOf(spki: Uint8Array): string {
  return sha256(spki).toString('base64');
}

const READERS: Readonly<Record<string, { source: PinSource; read: (der: Buffer) => KeyRead | undefined }>> = {
  CERTIFICATE: { source: 'certificate', read: ofCertificate },
  'CERTIFICATE REQUEST': { source: 'csr', read: ofRequest },
  'NEW CERTIFICATE REQUEST': { source: 'csr', read: ofRequest },
  'PUBLIC KEY': { source: 'public_key', read: ofPublicKey },
};

/**
 * The keys that a text names: PEM certificates, PEM certificate requests (PKCS #10), PEM public keys, or a pin itself.
 * A text that holds a private key is refused as a whole, before anything in it is read; the text is not kept.
 * @throws AppError `pin_private_key_refused`, `pin_unreadable`
 */
export function readPins(material: string): KeyRead[] {
  if (PRIVATE_PEM.test(material)) throw new AppError('pin_private_key_refused');
  const digest = DIGEST.exec(material.trim())?.[1];
  if (digest !== undefined) return [{ spkiSha256: digest, source: 'digest', subject: null }];
  const blocks = [...material.matchAll(PEM_BLOCK)];
  const frames = material.split('-----BEGIN ').length - 1;
  if (frames !== blocks.length) throw unreadable('A PEM block is damaged or cut off.');
  if (blocks.length === 0) return [readBareDer(material)];
  if (blocks.length > MAX_KEYS) throw unreadable(`It holds more than ${MAX_KEYS} keys.`);
  const keys = blocks.map(([, label = '', body = '']) => readBlock(label, body));
  return keys.filter((key, index) => keys.findIndex((one) => one.spkiSha256 === key.spkiSha256) === index);
}

function readBlock(label: string, body: string): KeyRead {
  const reader = Object.hasOwn(READERS, label) ? READERS[label] : undefined;
  if (reader === undefined) throw unreadable(`"${label}" is no certificate, request or public key.`);
  const key = reader.read(Buffer.from(body, 'base64'));
  if (key === undefined) throw unreadable(`The ${label.toLowerCase()} is damaged.`);
  return key;
}

/** Base64 without its frame: a private key in this form is refused as well. */
function readBareDer(material: string): KeyRead {
  const text = material.replace(/\s+/g, '');
  const der = /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
  if (der === undefined || der.length < 40) {
    throw unreadable('Paste a PEM certificate, a PEM certificate request, a PEM public key, or a pin.');
  }
  if (isPrivateKey(der)) throw new AppError('pin_private_key_refused');
  const key = ofCertificate(der) ?? ofRequest(der) ?? ofPublicKey(der);
  if (key === undefined) throw unreadable('It is no certificate, certificate request or public key.');
  return key;
}

/** PKCS #1, SEC 1 and PKCS #8 private keys, encrypted ones included, by the form of their first members. */
function isPrivateKey(der: Buffer): boolean {
  const members = readDerMembers(readDer(der), DER.sequence);
  if (members === undefined) return false;
  const [first, second, third] = members;
  // Private keys begin with a version number; no public form of ours does.
  if (first?.tag === DER.integer) return true;
  // EncryptedPrivateKeyInfo: an algorithm, and an OCTET STRING.
  return first?.tag === DER.sequence && second?.tag === DER.octetString && third === undefined;
}

function ofCertificate(der: Buffer): KeyRead | undefined {
  try {
    const certificate = new X509Certificate(der);
    return keyRead(certificate.publicKey, 'certificate', oneLine(certificate.subject));
  } catch {
    return undefined;
  }
}

function ofPublicKey(der: Buffer): KeyRead | undefined {
  return importPublic(der, 'public_key');
}

/** PKCS #10 (RFC 2986): the key is the third member of the first, after its version and its subject. */
function ofRequest(der: Buffer): KeyRead | undefined {
  const outer = readDerMembers(readDer(der), DER.sequence);
  const info = outer?.length === 3 ? readDerMembers(outer[0], DER.sequence) : undefined;
  const [version, subject, spki, attributes] = info ?? [];
  if (version?.tag !== DER.integer || subject?.tag !== DER.sequence || spki?.tag !== DER.sequence)
    return undefined;
  if (attributes !== undefined && attributes.tag !== contextTag(0)) return undefined;
  return importPublic(Buffer.from(spki.raw), 'csr');
}

function importPublic(spki: Buffer, source: PinSource): KeyRead | undefined {
  try {
    return keyRead(createPublicKey({ key: spki, format: 'der', type: 'spki' }), source, null);
  } catch {
    return undefined;
  }
}

function keyRead(key: KeyObject, source: PinSource, subject: string | null): KeyRead {
  return { spkiSha256: pinOf(key.export({ format: 'der', type: 'spki' })), source, subject };
}

/** A name as Node writes it, one attribute a line, on one line and bounded. */
export function oneLine(name: string | undefined): string {
  const text = (name ?? '').split('\n').join(', ');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a stranger wrote this name
  return text.replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '').slice(0, 300);
}

function unreadable(detail: string): AppError {
  return new AppError('pin_unreadable', { detail, fields: { material: detail } });
}
