import { type Certificate, parseCertificate, spkiFingerprint } from '@/lib/crypto';
import { GOOGLE_ROOTS } from './android/roots';
import { APPLE_RECEIPT_ROOTS, APPLE_ROOTS } from './apple/roots';

/** A trust anchor: a name and a key (RFC 5280, 6.1.1), taken from a certificate. */
export interface Anchor {
  /** Appears in claims, e.g. `google-rsa4096`. */
  readonly name: string;
  /** Raw DER of the subject name. */
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  /** SHA-256 of the SPKI, lower-case hex: the pin. */
  readonly spkiSha256: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** Anchors per format. An empty list refuses every evidence of its format. */
export interface AnchorSet {
  readonly apple: readonly Anchor[];
  /** Of App Attest's receipts, which have a root of their own. */
  readonly appleReceipts: readonly Anchor[];
  readonly android: readonly Anchor[];
  readonly dev: readonly Anchor[];
}

/** A certificate to be trusted, as it is stored. */
export interface AnchorSource {
  readonly name: string;
  readonly certificatePem: string;
}

const PEM = /^-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*/;

/** DER of each certificate of a PEM text in order; `undefined` for anything that is not only certificates. */
export function readPemCertificates(text: string): Uint8Array[] | undefined {
  const certificates: Uint8Array[] = [];
  let rest = text.trimStart();
  while (rest !== '') {
    const match = PEM.exec(rest);
    if (match === null) return undefined;
    certificates.push(Buffer.from(match[1] ?? '', 'base64'));
    rest = rest.slice(match[0].length);
  }
  return certificates;
}

function anchorOf(name: string, certificate: Certificate): Anchor {
  return {
    name,
    subject: certificate.subject,
    spki: certificate.spki,
    spkiSha256: spkiFingerprint(certificate.spki),
    notBeforeMs: certificate.notBeforeMs,
    notAfterMs: certificate.notAfterMs,
  };
}

/** The anchor of exactly one PEM certificate; `undefined` where it is malformed. */
export function readAnchor({ name, certificatePem }: AnchorSource): Anchor | undefined {
  const [der, ...more] = readPemCertificates(certificatePem) ?? [];
  const certificate = der === undefined || more.length > 0 ? undefined : parseCertificate(der);
  return certificate === undefined ? undefined : anchorOf(name, certificate);
}

/** Anchors of all readable sources; the unreadable ones are left out, which can only refuse more. */
export function readAnchors(sources: readonly AnchorSource[]): Anchor[] {
  return sources.flatMap((source) => readAnchor(source) ?? []);
}

/** The vendors' roots that this build pins. `dev` has none: its anchors are always registered by an app. */
export const BUILT_IN_ANCHORS: AnchorSet = {
  apple: readAnchors(APPLE_ROOTS),
  appleReceipts: readAnchors(APPLE_RECEIPT_ROOTS),
  android: readAnchors(GOOGLE_ROOTS),
  dev: [],
};

const BUILT_IN_NAMES: ReadonlySet<string> = new Set(
  Object.values(BUILT_IN_ANCHORS).flatMap((anchors: readonly Anchor[]) => anchors.map(({ name }) => name)),
);

/**
 * The built-in anchors, and for every format the ones that an app in a development environment registered. One that
 * takes a built-in anchor's name is left out: claims name their anchor, and must not name a vendor falsely.
 */
export function anchorsWith(extra: readonly AnchorSource[]): AnchorSet {
  const registered = readAnchors(extra).filter(({ name }) => !BUILT_IN_NAMES.has(name));
  return {
    apple: [...BUILT_IN_ANCHORS.apple, ...registered],
    appleReceipts: [...BUILT_IN_ANCHORS.appleReceipts, ...registered],
    android: [...BUILT_IN_ANCHORS.android, ...registered],
    dev: [...BUILT_IN_ANCHORS.dev, ...registered],
  };
}
