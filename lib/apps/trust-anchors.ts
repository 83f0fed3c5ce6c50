import type { AppRegistration } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import {
  type Certificate,
  isCertificateAuthority,
  maySignCertificates,
  parseCertificate,
  validityAt,
} from '@/lib/crypto';
import { BUILT_IN_ANCHORS, readPemCertificates } from '@/lib/evidence';

/** What a certificate must be to be an anchor, in the order in which it is told. */
const RULES: readonly { holds: (anchor: Certificate, nowMs: number) => boolean; complaint: string }[] = [
  { holds: isCa, complaint: 'is not a certificate authority that may sign certificates' },
  { holds: (anchor, nowMs) => validityAt(anchor, nowMs) === 'valid', complaint: 'is not valid today' },
];

/** Names of the vendors' roots: claims name their anchor, and must not name a vendor falsely. */
const TAKEN_NAMES: ReadonlySet<string> = new Set(
  Object.values(BUILT_IN_ANCHORS).flatMap((anchors: readonly { name: string }[]) =>
    anchors.map((anchor) => anchor.name),
  ),
);

/**
 * Refuses anchors that verification could not use: anything but exactly one valid CA certificate each, under a name
 * that is no vendor's and not given twice.
 * @throws AppError `request_invalid`, naming each by its path
 */
export function requireUsableAnchors(anchors: AppRegistration['trustAnchors'], nowMs: number): void {
  const fields: Record<string, string> = {};
  for (const [index, { name, certificatePem }] of anchors.entries()) {
    const problem = problemOf(certificatePem, nowMs);
    if (problem) fields[`trustAnchors.${index}.certificatePem`] = problem;
    const twice = anchors.findIndex((anchor) => anchor.name === name) !== index;
    if (twice || TAKEN_NAMES.has(name)) fields[`trustAnchors.${index}.name`] = 'is taken';
  }
  if (Object.keys(fields).length > 0) throw new AppError('request_invalid', { fields });
}

function problemOf(pem: string, nowMs: number): string | undefined {
  const [der, ...more] = readPemCertificates(pem) ?? [];
  if (der === undefined || more.length > 0) return 'is not exactly one certificate in PEM';
  const certificate = parseCertificate(der);
  if (!certificate) return 'is not an X.509 certificate';
  return RULES.find((rule) => !rule.holds(certificate, nowMs))?.complaint;
}

function isCa(certificate: Certificate): boolean {
  return isCertificateAuthority(certificate) && maySignCertificates(certificate);
}
