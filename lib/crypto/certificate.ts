import { createHash } from 'node:crypto';
import { contextTag, DER, type DerElement, readDer, readDerExplicit, readDerMembers } from './der';
import {
  type DerTolerance,
  derBits,
  derBoolean,
  derOctets,
  derOid,
  derSerialHex,
  derTimeMs,
  derUnsigned,
  STRICT_DER,
} from './der-values';

/** One X.509 v3 extension; `value` is the content of its OCTET STRING. */
export interface CertificateExtension {
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** What verification needs of an X.509 certificate (RFC 5280, 4.1). Names are raw DER, times are milliseconds. */
export interface Certificate {
  readonly der: Uint8Array;
  /** SHA-256 of the certificate, base64. */
  readonly fingerprint: string;
  readonly tbs: Uint8Array;
  /** Serial number as lower-case hexadecimal without leading zeros. */
  readonly serial: string;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** SubjectPublicKeyInfo, DER; not parsed, so that keys of unknown algorithms do no harm. */
  readonly spki: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  /** By dotted object identifier; each at most once. */
  readonly extensions: ReadonlyMap<string, CertificateExtension>;
}

const V3 = 2;

interface Envelope {
  tbs: DerElement;
  algorithm: DerElement;
  signature: Uint8Array;
}

function readEnvelope(der: Uint8Array): Envelope | undefined {
  const members = readDerMembers(readDer(der), DER.sequence);
  const [tbs, algorithm, bits] = members ?? [];
  const signature = derBits(bits);
  if (members?.length !== 3 || tbs === undefined || algorithm === undefined || signature === undefined)
    return undefined;
  return { tbs, algorithm, signature };
}

function readExtension(
  element: DerElement,
  tolerance: DerTolerance,
): [string, CertificateExtension] | undefined {
  const members = readDerMembers(element, DER.sequence);
  if (members === undefined || members.length < 2 || members.length > 3) return undefined;
  const oid = derOid(members[0]);
  const critical = members.length === 3 ? derBoolean(members[1], tolerance) : false;
  const value = derOctets(members.at(-1));
  if (oid === undefined || critical === undefined || value === undefined) return undefined;
  return [oid, { critical, value }];
}

function readExtensions(
  element: DerElement | undefined,
  tolerance: DerTolerance,
): Map<string, CertificateExtension> | undefined {
  const extensions = new Map<string, CertificateExtension>();
  if (element === undefined) return extensions;
  const list = readDerMembers(readDerExplicit(element), DER.sequence);
  if (list === undefined) return undefined;
  for (const member of list) {
    const extension = readExtension(member, tolerance);
    if (extension === undefined || extensions.has(extension[0])) return undefined;
    extensions.set(...extension);
  }
  return extensions;
}

function readValidity(element: DerElement | undefined): [number, number] | undefined {
  const members = readDerMembers(element, DER.sequence);
  const notBeforeMs = derTimeMs(members?.[0]);
  const notAfterMs = derTimeMs(members?.[1]);
  if (members?.length !== 2 || notBeforeMs === undefined || notAfterMs === undefined) return undefined;
  return [notBeforeMs, notAfterMs];
}

interface TbsTail {
  unique: DerElement[];
  extensions: DerElement | undefined;
}

/** The optional members after the key: unique identifiers [1] and [2], then extensions [3]. */
function readTail(members: DerElement[]): TbsTail | undefined {
  const extensions = members.find(({ tag }) => tag === contextTag(3));
  const unique = members.filter((member) => member !== extensions);
  const known = unique.every(({ tag }) => tag === contextTag(1, false) || tag === contextTag(2, false));
  const isLast = extensions === undefined || members.at(-1) === extensions;
  return known && isLast ? { unique, extensions } : undefined;
}

/**
 * Parses exactly one DER certificate. `undefined` for anything malformed, trailing bytes, a version other than 3,
 * duplicate extensions, or an inner signature algorithm that differs from the outer one. Verifies nothing.
 */
export function parseCertificate(der: Uint8Array, tolerance = STRICT_DER): Certificate | undefined {
  const envelope = readEnvelope(der);
  const members = readDerMembers(envelope?.tbs, DER.sequence);
  if (envelope === undefined || members === undefined) return undefined;
  const [version, serialNumber, algorithm, issuer, validityElement, subject, spki] = members;
  if (version?.tag !== contextTag(0) || derUnsigned(readDerExplicit(version)) !== V3) return undefined;
  const tail = readTail(members.slice(7));
  const serial = derSerialHex(serialNumber);
  const validity = readValidity(validityElement);
  const signatureAlgorithm = derOid(readDerMembers(envelope.algorithm, DER.sequence)?.[0]);
  if (tail === undefined || serial === undefined || validity === undefined) return undefined;
  if (signatureAlgorithm === undefined || algorithm === undefined) return undefined;
  if (Buffer.compare(algorithm.raw, envelope.algorithm.raw) !== 0) return undefined;
  if (issuer?.tag !== DER.sequence || subject?.tag !== DER.sequence) return undefined;
  if (spki?.tag !== DER.sequence) return undefined;
  const extensions = readExtensions(tail.extensions, tolerance);
  if (extensions === undefined) return undefined;
  return {
    der,
    fingerprint: createHash('sha256').update(der).digest('base64'),
    tbs: envelope.tbs.raw,
    serial,
    issuer: issuer.raw,
    subject: subject.raw,
    notBeforeMs: validity[0],
    notAfterMs: validity[1],
    spki: spki.raw,
    signatureAlgorithm,
    signature: envelope.signature,
    extensions,
  };
}

const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const KEY_CERT_SIGN_BIT = 0x04;

function readBasicConstraints(certificate: Certificate): DerElement[] | undefined {
  const extension = certificate.extensions.get(BASIC_CONSTRAINTS);
  return extension === undefined ? undefined : readDerMembers(readDer(extension.value), DER.sequence);
}

/** Whether basicConstraints says CA (RFC 5280, 4.2.1.9); false where it is absent or malformed. */
export function isCertificateAuthority(certificate: Certificate, tolerance = STRICT_DER): boolean {
  const [isAuthority, limit, ...rest] = readBasicConstraints(certificate) ?? [];
  // A limit that cannot be read must not count as none.
  const isReadable = rest.length === 0 && (limit === undefined || derUnsigned(limit) !== undefined);
  return isReadable && derBoolean(isAuthority, tolerance) === true;
}

/** The path length limit of a certificate authority's basicConstraints; `undefined` where there is none. */
export function pathLengthLimit(certificate: Certificate): number | undefined {
  return derUnsigned(readBasicConstraints(certificate)?.[1]);
}

/** Whether keyUsage permits signing certificates: true where the extension is absent (RFC 5280, 4.2.1.3). */
export function maySignCertificates(certificate: Certificate): boolean {
  const extension = certificate.extensions.get(KEY_USAGE);
  if (extension === undefined) return true;
  const element = readDer(extension.value);
  if (element?.tag !== DER.bitString) return false;
  return ((element.content[1] ?? 0) & KEY_CERT_SIGN_BIT) !== 0;
}

/** Object identifiers of the critical extensions that are not in `known`. */
export function unknownCriticalExtensions(certificate: Certificate, known: ReadonlySet<string>): string[] {
  const unknown: string[] = [];
  for (const [oid, { critical }] of certificate.extensions)
    if (critical && !known.has(oid)) unknown.push(oid);
  return unknown;
}

/** Extensions that path validation itself understands. */
export const PATH_EXTENSIONS: ReadonlySet<string> = new Set([BASIC_CONSTRAINTS, KEY_USAGE]);

/**
 * `valid`, or on which side of the validity window the instant lies; both bounds are inclusive. An instant that is no
 * number lies in no window.
 */
export function validityAt(
  { notBeforeMs, notAfterMs }: Pick<Certificate, 'notBeforeMs' | 'notAfterMs'>,
  nowMs: number,
): 'valid' | 'expired' | 'not_yet_valid' {
  if (!(nowMs >= notBeforeMs)) return 'not_yet_valid';
  // notAfter names a whole second, so the instant is cut to its second.
  return Math.floor(nowMs / 1000) * 1000 <= notAfterMs ? 'valid' : 'expired';
}
