import {
  type Certificate,
  type DerTolerance,
  isCertificateAuthority,
  isSignedBy,
  isSignedByRemembered,
  maySignCertificates,
  parseCertificate,
  pathLengthLimit,
  sameName,
  spkiFingerprint,
  unknownCriticalExtensions,
  validityAt,
} from '@/lib/crypto';
import type { Anchor } from './anchors';
import { type Finding, fail, pass } from './steps';

/** Largest accepted certificate, in bytes. */
const MAX_CERTIFICATE_BYTES = 16 * 1024;
/** Largest accepted chain, in bytes: ten times what devices send, and room for post-quantum keys. */
const MAX_CHAIN_BYTES = 64 * 1024;

/** Certificates of one evidence, leaf first and without the anchor's own: never empty. */
export interface Path {
  readonly leaf: Certificate;
  /** From the leaf's issuer upwards. */
  readonly issuers: readonly Certificate[];
}

/** Every certificate of a path, leaf first. */
export function certificatesOf(path: Path): Certificate[] {
  return [path.leaf, ...path.issuers];
}

/** How many certificates a format's chain may have, and where its certificates deviate from DER. */
export interface ChainProfile {
  readonly min: number;
  readonly max: number;
  readonly tolerance: DerTolerance;
}

/** Parses every certificate of a chain, after capping how many and how large. */
export function readChain(ders: readonly Uint8Array[], profile: ChainProfile): Finding<Path> {
  if (ders.length < profile.min || ders.length > profile.max)
    return fail('evidence_chain_length', `The chain has ${ders.length} certificates.`);
  if (ders.some((der) => der.length > MAX_CERTIFICATE_BYTES))
    return fail('evidence_too_large', 'A certificate is larger than 16 KiB.');
  if (ders.reduce((sum, der) => sum + der.length, 0) > MAX_CHAIN_BYTES)
    return fail('evidence_too_large', 'The chain is larger than 64 KiB.');
  const [leaf, ...issuers] = parseAll(ders, profile.tolerance) ?? [];
  if (leaf === undefined) return fail('evidence_chain_malformed', 'A certificate is not well-formed DER.');
  return pass({ leaf, issuers }, `${ders.length} certificates, each well-formed.`);
}

/** Every certificate; stops at the first one that is malformed, so that the others cost nothing. */
function parseAll(ders: readonly Uint8Array[], tolerance: DerTolerance): Certificate[] | undefined {
  const certificates: Certificate[] = [];
  for (const der of ders) {
    const certificate = parseCertificate(der, tolerance);
    if (certificate === undefined) return undefined;
    certificates.push(certificate);
  }
  return certificates;
}

/** Refuses critical extensions that nobody here understands (RFC 5280, 4.2). */
export function checkCriticalExtensions(path: Path, known: ReadonlySet<string>): Finding<void> {
  const [first, ...others] = certificatesOf(path).flatMap((certificate) =>
    unknownCriticalExtensions(certificate, known),
  );
  if (first === undefined) return pass(undefined, 'No unknown critical extension.');
  // Strangers choose how many there are, and the detail is kept: one is named, the others are counted.
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return fail('evidence_extension_unknown_critical', `Unknown critical extension ${first}${more}.`);
}

/** Each certificate names the next one's subject as its issuer, byte for byte. */
export function checkNames(path: Path): Finding<void> {
  const certificates = certificatesOf(path);
  const broken = certificates.findIndex((certificate, index) => {
    const issuer = certificates[index + 1];
    return issuer !== undefined && !sameName(certificate.issuer, issuer.subject);
  });
  return broken === -1
    ? pass(undefined, 'Issuer and subject names chain.')
    : fail(
        'evidence_chain_issuer_mismatch',
        `Certificate ${broken} names another issuer than certificate ${broken + 1}.`,
      );
}

/** Anchors that the last certificate may have been issued by, by name; at least one. */
export function findAnchors(path: Path, anchors: readonly Anchor[]): Finding<readonly Anchor[]> {
  const last = path.issuers.at(-1) ?? path.leaf;
  const candidates = anchors.filter(({ subject }) => sameName(subject, last.issuer));
  return candidates.length === 0
    ? fail('evidence_chain_untrusted', 'The chain does not end at a pinned anchor.')
    : pass(candidates, `The chain ends at ${candidates.map(({ name }) => name).join(' or ')}.`);
}

function mayIssue(certificate: Certificate, issuersBelow: number, tolerance: DerTolerance): boolean {
  const limit = pathLengthLimit(certificate);
  return (
    isCertificateAuthority(certificate, tolerance) &&
    maySignCertificates(certificate) &&
    (limit === undefined || issuersBelow <= limit)
  );
}

/** Indices of all issuers that are no certificate authority, may not sign certificates or exceed their path length. */
export function findUnfitIssuers(path: Path, tolerance: DerTolerance): number[] {
  return path.issuers.flatMap((issuer, index) => (mayIssue(issuer, index, tolerance) ? [] : [index]));
}

/** Every issuer is a certificate authority, may sign certificates and respects its path length. */
export function checkIssuers(path: Path, tolerance: DerTolerance): Finding<void> {
  const [unfit] = findUnfitIssuers(path, tolerance);
  return unfit === undefined
    ? pass(undefined, 'Every issuer is a certificate authority.')
    : fail('evidence_chain_issuer_not_ca', `Certificate ${unfit + 1} may not issue certificates.`);
}

const VALIDITY_CODES = {
  expired: 'evidence_certificate_expired',
  not_yet_valid: 'evidence_certificate_not_yet_valid',
} as const;
const VALIDITY_TEXTS = { expired: 'expired', not_yet_valid: 'not yet valid' } as const;

/** The instant lies inside every window, bounds included. `firstIndex` is the first certificate's place in its chain. */
export function checkValidity(
  certificates: readonly Certificate[],
  nowMs: number,
  firstIndex = 0,
): Finding<void> {
  for (const [index, certificate] of certificates.entries()) {
    const validity = validityAt(certificate, nowMs);
    if (validity !== 'valid')
      return fail(
        VALIDITY_CODES[validity],
        `Certificate ${firstIndex + index} is ${VALIDITY_TEXTS[validity]}.`,
      );
  }
  return pass(undefined, 'Every certificate is inside its validity window.');
}

/**
 * Verifies signatures from the anchor downwards, so that nothing of an untrusted chain is computed or remembered.
 * Issuers' signatures are remembered, the leaf's is not.
 */
export function verifySignatures(path: Path, candidates: readonly Anchor[]): Finding<Anchor> {
  const certificates = certificatesOf(path);
  const top = certificates.length - 1;
  const signedBy = (index: number, spki: Uint8Array) => {
    const certificate = certificates[index];
    if (certificate === undefined) return false;
    return index === 0 ? isSignedBy(certificate, spki) : isSignedByRemembered(certificate, spki);
  };
  const anchor = candidates.find(({ spki }) => signedBy(top, spki));
  if (anchor === undefined)
    return fail('evidence_chain_bad_signature', `Certificate ${top} is not signed by the anchor.`);
  for (let index = top - 1; index >= 0; index -= 1) {
    const issuer = certificates[index + 1];
    if (issuer === undefined || !signedBy(index, issuer.spki))
      return fail('evidence_chain_bad_signature', `Certificate ${index} is not signed by its issuer.`);
  }
  return pass(anchor, `Signed by ${anchor.name}, down to the leaf.`);
}

/** Whether a certificate holds the key of one of the anchors. */
export function anchorOfKey(certificate: Certificate, anchors: readonly Anchor[]): Anchor | undefined {
  const fingerprint = spkiFingerprint(certificate.spki);
  return anchors.find(({ spkiSha256 }) => spkiSha256 === fingerprint);
}

/** A verification without anchors refuses: an empty list is never "trust anyone". */
export function checkAnchors(anchors: readonly Anchor[]): Finding<readonly Anchor[]> {
  return anchors.length === 0
    ? fail('evidence_anchors_empty', 'No trust anchor is configured for this format.')
    : pass(anchors, `${anchors.length} trust anchors.`);
}
