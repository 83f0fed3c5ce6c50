import { X509Certificate } from 'node:crypto';
import type { CertificateFinding, ChainCertificate } from '@/lib/contracts';
import { parseCertificate } from '@/lib/crypto';
import { oneLine, pinOf } from './read-pins';

/** Facts of one DER certificate as they are stored and shown; `undefined` for what is none. */
export function readCertificate(der: Uint8Array): ChainCertificate | undefined {
  try {
    const certificate = new X509Certificate(der);
    const times = [certificate.validFrom, certificate.validTo].map((text) => Date.parse(text));
    const [notBefore, notAfter] = times.map((ms) => new Date(ms).toISOString());
    if (notBefore === undefined || notAfter === undefined) return undefined;
    return {
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
      serial: certificate.serialNumber.toLowerCase().slice(0, 80),
      notBefore,
      notAfter,
      // The exact bytes where they can be read: a pin is over them, and not over another spelling of the same key.
      spkiSha256: pinOf(
        parseCertificate(der)?.spki ?? certificate.publicKey.export({ format: 'der', type: 'spki' }),
      ),
      fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    };
  } catch {
    return undefined;
  }
}

/** What is wrong with the dates of a chain: of any of its certificates, because devices refuse all of it then. */
export function findingsOfDates(chain: readonly ChainCertificate[], nowMs: number): CertificateFinding[] {
  const findings: CertificateFinding[] = [];
  if (chain.some(({ notAfter }) => Date.parse(notAfter) < nowMs)) findings.push('expired');
  if (chain.some(({ notBefore }) => Date.parse(notBefore) > nowMs)) findings.push('not_yet_valid');
  return findings;
}
