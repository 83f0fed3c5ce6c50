import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import {
  derBitString,
  derBool,
  derContext,
  derElement,
  derInteger,
  derObjectId,
  derOctetString,
  derSequence,
  derSetOf,
  derTime,
  derUtf8,
} from './der-writer';

const ATTRIBUTE_OIDS = {
  CN: '2.5.4.3',
  serialNumber: '2.5.4.5',
  O: '2.5.4.10',
  title: '2.5.4.12',
} as const;

/** Attributes of a distinguished name, in order. */
export type DistinguishedName = readonly (readonly [keyof typeof ATTRIBUTE_OIDS, string])[];

/** Raw DER of a name. */
export function derName(name: DistinguishedName): Buffer {
  const sets = name.map(([type, value]) =>
    derSetOf([derSequence(derObjectId(ATTRIBUTE_OIDS[type]), derUtf8(value))]),
  );
  return derSequence(...sets);
}

/** Someone who issues certificates: a name, a key and its own certificates up to, but without, the anchor. */
export interface Issuer {
  readonly name: Buffer;
  readonly privateKey: KeyObject;
  /** Certificates of the issuer, itself first; empty for the anchor. */
  readonly chain: readonly Buffer[];
}

/** An extension to be written; `value` is the content of its OCTET STRING. */
export interface ExtensionToWrite {
  readonly oid: string;
  readonly critical?: boolean;
  readonly value: Uint8Array;
}

/** Everything that a certificate says. Times in milliseconds. */
export interface CertificateToIssue {
  readonly issuer: Issuer;
  readonly subject: Buffer;
  readonly spki: Uint8Array;
  readonly serial: number | bigint | Uint8Array;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly isCa: boolean;
  readonly extensions?: readonly ExtensionToWrite[];
}

const ECDSA_SHA256 = derSequence(derObjectId('1.2.840.10045.4.3.2'));
const KEY_CERT_SIGN = Buffer.from([0x02, 0x04]);
const DIGITAL_SIGNATURE = Buffer.from([0x07, 0x80]);

function derExtension({ oid, critical = false, value }: ExtensionToWrite): Buffer {
  const flag = critical ? [derBool(true)] : [];
  return derSequence(derObjectId(oid), ...flag, derOctetString(value));
}

function pathExtensions(isCa: boolean): ExtensionToWrite[] {
  return [
    { oid: '2.5.29.19', critical: true, value: isCa ? derSequence(derBool(true)) : derSequence() },
    { oid: '2.5.29.15', critical: true, value: derElement(0x03, isCa ? KEY_CERT_SIGN : DIGITAL_SIGNATURE) },
  ];
}

/** Issues a certificate (X.509 v3, ECDSA with SHA-256), really signed. */
export function issueCertificate(to: CertificateToIssue): Buffer {
  const extensions = [...pathExtensions(to.isCa), ...(to.extensions ?? [])].map(derExtension);
  const tbs = derSequence(
    derContext(0, derInteger(2)),
    derInteger(to.serial),
    ECDSA_SHA256,
    to.issuer.name,
    derSequence(derTime(to.notBeforeMs), derTime(to.notAfterMs)),
    to.subject,
    to.spki,
    derContext(3, derSequence(...extensions)),
  );
  return derSequence(tbs, ECDSA_SHA256, derBitString(sign('sha256', tbs, to.issuer.privateKey)));
}

/** SubjectPublicKeyInfo, DER, of a private key. */
export function spkiOf(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
}

/** A new P-256 key for an issuer. */
export function createIssuerKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

/** The private key of a PKCS #8 PEM. */
export function readIssuerKey(pem: string): KeyObject {
  return createPrivateKey(pem);
}

/** PEM of one certificate. */
export function certificatePem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
