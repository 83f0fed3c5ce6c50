import type { Evidence } from '@/lib/contracts';
import { toBase64Url } from '@/lib/core';
import { DEV_CLAIMS_EXTENSION, type DevClaims } from '../dev/claims-extension';
import { type DeviceKey, signClientData } from './device-key';
import { derName, type Issuer, issueCertificate } from './issue-certificate';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A simulator's enrolment. */
export interface DevAttestOptions {
  readonly key: DeviceKey;
  readonly clientData: Uint8Array;
  readonly claims: DevClaims;
  readonly nowMs: number;
}

/** Makes really signed `dev` evidence: a leaf with the claims, and a signature by its key. */
export function makeDevEvidence(
  issuer: Issuer,
  serial: number,
  options: DevAttestOptions,
): Extract<Evidence, { format: 'dev' }> {
  const leaf = issueCertificate({
    issuer,
    subject: derName([['CN', 'Countersign simulated device']]),
    spki: options.key.spki,
    serial,
    notBeforeMs: options.nowMs - DAY_MS,
    notAfterMs: options.nowMs + 30 * DAY_MS,
    isCa: false,
    extensions: [{ oid: DEV_CLAIMS_EXTENSION, value: Buffer.from(JSON.stringify(options.claims), 'utf8') }],
  });
  return {
    format: 'dev',
    certificateChain: [leaf, ...issuer.chain].map((der) => toBase64Url(der)),
    signature: toBase64Url(signClientData(options.key, options.clientData)),
  };
}
