import { createHash, type KeyObject, sign } from 'node:crypto';
import {
  derContext,
  derElement,
  derInteger,
  derNull,
  derObjectId,
  derOctetString,
  derSequence,
  derSetOf,
} from './der-writer';
import type { Issuer } from './issue-certificate';

/** Who signs receipts: a certificate, first of `chain`, under another issuer's name. */
export interface ReceiptSigner extends Issuer {
  readonly issuerName: Buffer;
  readonly serial: number;
}

/** What a pretended receipt of Apple's says. Members left out are left out of it. */
export interface ReceiptOptions {
  readonly appId: string;
  /** DER of the attested certificate. */
  readonly certificate: Uint8Array;
  readonly clientHash: Uint8Array;
  readonly type: 'ATTEST' | 'RECEIPT';
  readonly environment: 'production' | 'sandbox';
  readonly createdMs: number;
  readonly expiresMs: number;
  readonly attestedKeys?: number;
  readonly notBeforeMs?: number;
  /** Further or replacing fields, as they are. */
  readonly fields?: Readonly<Record<number, Uint8Array | null>>;
  /** Another content, as it is. */
  readonly content?: Uint8Array;
  /** Signs the content by its digest among signed attributes; Apple signs the content itself. */
  readonly withAttributes?: boolean;
  /** Another key makes a refused receipt. */
  readonly signingKey?: KeyObject;
}

const OIDS = {
  signedData: '1.2.840.113549.1.7.2',
  data: '1.2.840.113549.1.7.1',
  sha256: '2.16.840.1.101.3.4.2.1',
  ecdsaSha256: '1.2.840.10045.4.3.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
} as const;

const text = (value: string) => Buffer.from(value, 'utf8');
const time = (ms: number) => text(new Date(ms).toISOString());

function payload(options: ReceiptOptions): Buffer {
  const { attestedKeys, notBeforeMs } = options;
  const fields: Record<number, Uint8Array | null> = {
    2: text(options.appId),
    3: options.certificate,
    4: options.clientHash,
    5: text('token'),
    6: text(options.type),
    7: text(options.environment),
    12: time(options.createdMs),
    17: attestedKeys === undefined ? null : text(String(attestedKeys)),
    19: notBeforeMs === undefined ? null : time(notBeforeMs),
    21: time(options.expiresMs),
    ...options.fields,
  };
  const written = Object.entries(fields).flatMap(([type, value]) =>
    value === null ? [] : [derSequence(derInteger(Number(type)), derInteger(1), derOctetString(value))],
  );
  return derSetOf(written);
}

function attributesOf(content: Uint8Array): Buffer {
  const digest = createHash('sha256').update(content).digest();
  return derSetOf([
    derSequence(derObjectId(OIDS.contentType), derSetOf([derObjectId(OIDS.data)])),
    derSequence(derObjectId(OIDS.messageDigest), derSetOf([derOctetString(digest)])),
  ]);
}

/** Makes a really signed receipt (CMS, in DER). */
export function makeReceipt(signer: ReceiptSigner, options: ReceiptOptions): Buffer {
  const content = options.content ?? payload(options);
  const attributes = options.withAttributes === true ? attributesOf(content) : null;
  const signature = sign('sha256', attributes ?? content, options.signingKey ?? signer.privateKey);
  const digestAlgorithm = derSequence(derObjectId(OIDS.sha256), derNull());
  const signerInfo = derSequence(
    derInteger(1),
    derSequence(signer.issuerName, derInteger(signer.serial)),
    digestAlgorithm,
    ...(attributes === null ? [] : [Buffer.concat([Buffer.from([0xa0]), attributes.subarray(1)])]),
    derSequence(derObjectId(OIDS.ecdsaSha256)),
    derOctetString(signature),
  );
  const signedData = derSequence(
    derInteger(1),
    derSetOf([digestAlgorithm]),
    derSequence(derObjectId(OIDS.data), derContext(0, derOctetString(content))),
    derElement(0xa0, ...signer.chain),
    derSetOf([signerInfo]),
  );
  return derSequence(derObjectId(OIDS.signedData), derContext(0, signedData));
}
