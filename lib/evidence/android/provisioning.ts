import {
  asCborMap,
  type Certificate,
  DER,
  decodeCbor,
  decodeUtf8,
  derOid,
  readDer,
  readDerMembers,
} from '@/lib/crypto';
import { checkValidity, type Path } from '../chain';
import { type Finding, pass, skip, warn } from '../steps';

/** How the attestation key came onto the device: burnt in at the factory, or provisioned remotely (RKP). */
export type Provisioning = 'factory' | 'remote' | 'unknown';

const COMMON_NAME = '2.5.4.3';
const SERIAL_NUMBER = '2.5.4.5';
const REMOTE_ISSUER = /^Droid CA\d+$/;

/** Attributes of a name by object identifier; the last of equal ones counts. */
function readAttributes(name: Uint8Array): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const set of readDerMembers(readDer(name), DER.sequence) ?? []) {
    for (const attribute of readDerMembers(set, DER.set) ?? []) {
      const [type, value] = readDerMembers(attribute, DER.sequence) ?? [];
      const oid = derOid(type);
      if (oid !== undefined && value !== undefined) attributes.set(oid, decodeUtf8(value.content) ?? '');
    }
  }
  return attributes;
}

/**
 * Tells the provisioning by the issuers' subjects: factory issuers are named by a serial number, remote ones end at
 * Google's "Droid CA". Names are signed, so a device cannot choose the milder rule.
 */
export function provisioningOf(path: Path): Provisioning {
  const subjects = path.issuers.map(({ subject }) => readAttributes(subject));
  const top = subjects.at(-1);
  if (top === undefined) return 'unknown';
  if (REMOTE_ISSUER.test(top.get(COMMON_NAME) ?? '')) return 'remote';
  const isFactory = subjects.every((subject) => subject.has(SERIAL_NUMBER) && !subject.has(COMMON_NAME));
  return isFactory ? 'factory' : 'unknown';
}

/**
 * Step 3, as Google does: never the leaf (devices have wrong clocks), factory issuers may have expired because
 * nobody can replace them, everything else is checked in full.
 */
export function checkAndroidValidity(path: Path, provisioning: Provisioning, nowMs: number): Finding<void> {
  const finding = checkValidity(path.issuers, nowMs, 1);
  const isTolerated =
    provisioning === 'factory' &&
    finding.outcome === 'fail' &&
    path.issuers.every(({ notBeforeMs }) => notBeforeMs <= nowMs);
  return isTolerated
    ? warn(undefined, 'A factory-provisioned certificate has expired, which cannot be mended.')
    : finding;
}

const PROVISIONING_INFO_EXTENSION = '1.3.6.1.4.1.11129.2.1.30';
const CERTIFICATES_ISSUED_LABEL = 1;

function readCertificatesIssued(certificate: Certificate): number | null | undefined {
  const extension = certificate.extensions.get(PROVISIONING_INFO_EXTENSION);
  if (extension === undefined) return null;
  const issued = asCborMap(decodeCbor(extension.value))?.get(CERTIFICATES_ISSUED_LABEL);
  return typeof issued === 'number' && Number.isSafeInteger(issued) && issued >= 0 ? issued : undefined;
}

/** Number of certificates that the provisioning service issued to this device lately; an abuse signal, no verdict. */
export function readProvisioningInfo(path: Path): Finding<number | null> {
  const [attestationCertificate] = path.issuers;
  const issued = attestationCertificate === undefined ? null : readCertificatesIssued(attestationCertificate);
  if (issued === undefined) return warn(null, 'The provisioning information is unreadable.');
  return issued === null
    ? skip(null, 'There is no provisioning information.')
    : pass(issued, `${issued} certificates were issued to this device lately.`);
}
