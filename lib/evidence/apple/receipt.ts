import {
  type Certificate,
  DER,
  type DerElement,
  decodeUtf8,
  definiteForm,
  derOctets,
  derOid,
  derUnsigned,
  parseCertificate,
  readDer,
  readDerMembers,
} from '@/lib/crypto';

/** What Apple states in a receipt ("Assessing fraud risk"), read and not verified. */
export interface ReceiptPayload {
  /** Field 2: `TEAMID.bundle.id`. */
  readonly appId: string;
  /** Field 3: the certificate of the attested key. */
  readonly attestedCertificate: Certificate;
  /** Field 4. In a receipt of an attestation: the client data hash that was attested. */
  readonly clientHash: Uint8Array;
  /** Field 6: of an attestation, or an answer to a renewal. */
  readonly type: ReceiptType;
  /** Field 7. */
  readonly environment: 'production' | 'development';
  /** Field 12. */
  readonly createdMs: number;
  /** Field 17: about how many keys were attested on this device within 30 days; `null` where it is not said. */
  readonly attestedKeys: number | null;
  /** Field 19: no renewal before this; `null` where it is not said. */
  readonly notBeforeMs: number | null;
  /** Field 21. */
  readonly expiresMs: number;
}

export type ReceiptType = 'attestation' | 'renewal';

const SIGNED_DATA = '1.2.840.113549.1.7.2';

/** Whether the bytes are one CMS ContentInfo of type SignedData (RFC 5652), in BER. Verifies nothing inside it. */
export function isSignedData(bytes: Uint8Array): boolean {
  const der = definiteForm(bytes);
  const members = der === undefined ? undefined : readDerMembers(readDer(der), DER.sequence);
  return members?.length === 2 && derOid(members[0]) === SIGNED_DATA;
}

const FIELDS = {
  appId: 2,
  attestedCertificate: 3,
  clientHash: 4,
  type: 6,
  environment: 7,
  created: 12,
  attestedKeys: 17,
  notBefore: 19,
  expires: 21,
} as const;

const TYPES: ReadonlyMap<string, ReceiptType> = new Map([
  ['ATTEST', 'attestation'],
  ['RECEIPT', 'renewal'],
]);
const ENVIRONMENTS: ReadonlyMap<string, ReceiptPayload['environment']> = new Map([
  ['production', 'production'],
  ['sandbox', 'development'],
]);

/** Values by field number; `undefined` where one comes twice. */
function readFields(content: Uint8Array): Map<number, Uint8Array> | undefined {
  const fields = new Map<number, Uint8Array>();
  for (const element of readDerMembers(readDer(content), DER.set) ?? []) {
    const field = readField(element);
    if (field === undefined || fields.has(field[0])) return undefined;
    fields.set(...field);
  }
  return fields;
}

function readField(element: DerElement): [number, Uint8Array] | undefined {
  const members = readDerMembers(element, DER.sequence);
  const type = derUnsigned(members?.[0]);
  const value = derOctets(members?.[2]);
  return members?.length === 3 && type !== undefined && value !== undefined ? [type, value] : undefined;
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;
const COUNT = /^\d{1,9}$/;

/** `null` for a field that is absent, `undefined` for one that is malformed. */
function readText<T>(
  bytes: Uint8Array | undefined,
  read: (text: string) => T | undefined,
): T | null | undefined {
  if (bytes === undefined) return null;
  const text = decodeUtf8(bytes);
  return text === undefined ? undefined : read(text);
}

function timeOf(text: string): number | undefined {
  const ms = TIME.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(ms) ? ms : undefined;
}

function countOf(text: string): number | undefined {
  return COUNT.test(text) ? Number(text) : undefined;
}

type Unchecked = { [K in keyof ReceiptPayload]: ReceiptPayload[K] | null | undefined };
const OPTIONAL: ReadonlySet<string> = new Set(['attestedKeys', 'notBeforeMs']);

function isComplete(payload: Unchecked): payload is ReceiptPayload {
  return Object.entries(payload).every(
    ([name, value]) => value !== undefined && (value !== null || OPTIONAL.has(name)),
  );
}

/** Reads the content of a receipt; `undefined` where a field is malformed, comes twice, or is absent and always there. */
export function readReceiptPayload(content: Uint8Array): ReceiptPayload | undefined {
  const fields = readFields(content);
  if (fields === undefined) return undefined;
  const text = <T>(field: keyof typeof FIELDS, read: (text: string) => T | undefined) =>
    readText(fields.get(FIELDS[field]), read);
  const certificate = fields.get(FIELDS.attestedCertificate);
  const payload: Unchecked = {
    appId: text('appId', (value) => value),
    attestedCertificate: certificate === undefined ? undefined : parseCertificate(certificate),
    clientHash: fields.get(FIELDS.clientHash),
    type: text('type', (value) => TYPES.get(value)),
    environment: text('environment', (value) => ENVIRONMENTS.get(value)),
    createdMs: text('created', timeOf),
    attestedKeys: text('attestedKeys', countOf),
    notBeforeMs: text('notBefore', timeOf),
    expiresMs: text('expires', timeOf),
  };
  return isComplete(payload) ? payload : undefined;
}
