import { createHash } from 'node:crypto';
import { definiteForm } from './ber';
import { type Certificate, parseCertificate } from './certificate';
import { contextTag, DER, type DerElement, readDer, readDerExplicit, readDerMembers } from './der';
import { derOctets, derOid, derSerialHex } from './der-values';
import { sameName } from './path';
import { importSpki, verifyWithDigest } from './public-keys';

/** CMS SignedData (RFC 5652, 5) with exactly one signer, taken apart and not yet verified. */
export interface SignedData {
  readonly content: Uint8Array;
  readonly certificates: readonly Certificate[];
  readonly signer: SignerInfo;
}

interface SignerInfo {
  /** Raw DER of the issuer's name, and the serial number of the signer's certificate. */
  readonly issuer: Uint8Array;
  readonly serial: string;
  readonly digest: string;
  /** Absent where the signature is over the content itself (5.4). */
  readonly attributes: SignedAttributes | undefined;
  readonly signature: Uint8Array;
}

interface SignedAttributes {
  /** As they are signed: DER of a SET. */
  readonly encoded: Uint8Array;
  readonly contentType: string;
  readonly messageDigest: Uint8Array;
}

const OIDS = {
  signedData: '1.2.840.113549.1.7.2',
  data: '1.2.840.113549.1.7.1',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
} as const;

const DIGESTS: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
};
/** Signature algorithms of a signer, each with the digest that it belongs to. */
const SIGNATURES: Readonly<Record<string, string>> = {
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
};
const MAX_CERTIFICATES = 5;
const SET_TAG = 0x31;

function algorithmOf(element: DerElement | undefined): string | undefined {
  return derOid(readDerMembers(element, DER.sequence)?.[0]);
}

/** The one value of each attribute; `undefined` where one comes twice or has several values. */
function readValues(element: DerElement): Map<string, DerElement> | undefined {
  const attributes = new Map<string, DerElement>();
  for (const attribute of readDerMembers(element, contextTag(0)) ?? []) {
    const [type, values] = readDerMembers(attribute, DER.sequence) ?? [];
    const oid = derOid(type);
    const members = readDerMembers(values, DER.set);
    const [value] = members ?? [];
    if (oid === undefined || value === undefined || members?.length !== 1 || attributes.has(oid))
      return undefined;
    attributes.set(oid, value);
  }
  return attributes;
}

function readAttributes(element: DerElement): SignedAttributes | undefined {
  const values = readValues(element);
  const contentType = derOid(values?.get(OIDS.contentType));
  const messageDigest = derOctets(values?.get(OIDS.messageDigest));
  if (contentType === undefined || messageDigest === undefined) return undefined;
  // What is signed is the SET, while what is sent has the tag of its place.
  const encoded = Buffer.from(element.raw);
  encoded[0] = SET_TAG;
  return { encoded, contentType, messageDigest };
}

function readSigner(element: DerElement | undefined): SignerInfo | undefined {
  const [, identifier, digestAlgorithm, ...rest] = readDerMembers(element, DER.sequence) ?? [];
  const [issuer, serialNumber] = readDerMembers(identifier, DER.sequence) ?? [];
  const hasAttributes = rest[0]?.tag === contextTag(0);
  const attributes = hasAttributes && rest[0] !== undefined ? readAttributes(rest[0]) : undefined;
  const [signatureAlgorithm, bits] = hasAttributes ? rest.slice(1) : rest;
  const serial = derSerialHex(serialNumber);
  const digest = DIGESTS[algorithmOf(digestAlgorithm) ?? ''];
  const signature = derOctets(bits);
  if (issuer === undefined || serial === undefined || digest === undefined || signature === undefined)
    return undefined;
  if (hasAttributes && attributes === undefined) return undefined;
  if (SIGNATURES[algorithmOf(signatureAlgorithm) ?? ''] !== digest) return undefined;
  return { issuer: issuer.raw, serial, digest, attributes, signature };
}

function readCertificates(element: DerElement | undefined): Certificate[] | undefined {
  const members = readDerMembers(element, contextTag(0));
  if (members === undefined || members.length > MAX_CERTIFICATES) return undefined;
  const certificates = members.flatMap(({ raw }) => parseCertificate(raw) ?? []);
  return certificates.length === members.length ? certificates : undefined;
}

function readContent(element: DerElement | undefined): Uint8Array | undefined {
  const [type, wrapped] = readDerMembers(element, DER.sequence) ?? [];
  return derOid(type) === OIDS.data && wrapped?.tag === contextTag(0)
    ? derOctets(readDerExplicit(wrapped))
    : undefined;
}

/**
 * Reads SignedData in BER with one signer and its certificates, over data; `undefined` for anything
 * else. Verifies nothing.
 */
export function readSignedData(bytes: Uint8Array): SignedData | undefined {
  const der = definiteForm(bytes);
  const [type, wrapped] = (der === undefined ? undefined : readDerMembers(readDer(der), DER.sequence)) ?? [];
  if (derOid(type) !== OIDS.signedData || wrapped?.tag !== contextTag(0)) return undefined;
  const members = readDerMembers(readDerExplicit(wrapped), DER.sequence) ?? [];
  const [, , encapsulated, certificateSet, signerInfos] = members;
  const signers = readDerMembers(signerInfos, DER.set);
  const content = readContent(encapsulated);
  const certificates = readCertificates(certificateSet);
  const signer = signers?.length === 1 ? readSigner(signers[0]) : undefined;
  if (members.length !== 5 || content === undefined || certificates === undefined || signer === undefined)
    return undefined;
  return { content, certificates, signer };
}

/** The certificate that the signer names by issuer and serial number, if it was sent along. */
export function signerCertificateOf({ signer, certificates }: SignedData): Certificate | undefined {
  return certificates.find(
    ({ issuer, serial }) => sameName(issuer, signer.issuer) && serial === signer.serial,
  );
}

/** What the signature is over; `undefined` where the signed attributes are of another content. */
function signedBytes({ signer, content }: SignedData): Uint8Array | undefined {
  const { attributes, digest } = signer;
  if (attributes === undefined) return content;
  const computed = createHash(digest).update(content).digest();
  const isOurs = attributes.contentType === OIDS.data && computed.equals(attributes.messageDigest);
  return isOurs ? attributes.encoded : undefined;
}

/** Whether this key signed the content, directly or by its digest among the signed attributes (5.4, 5.6). */
export function isContentSignedBy(data: SignedData, spki: Uint8Array): boolean {
  const bytes = signedBytes(data);
  const key = importSpki(spki);
  if (bytes === undefined || key?.asymmetricKeyType !== 'ec') return false;
  return verifyWithDigest(data.signer.digest, key, bytes, data.signer.signature);
}
