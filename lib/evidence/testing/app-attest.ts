import { sign } from 'node:crypto';
import { encode } from 'cborg';
import type { Evidence } from '@/lib/contracts';
import { sha256, toBase64Url } from '@/lib/core';
import { derContext, derOctetString, derSequence } from './der-writer';
import type { DeviceKey } from './device-key';
import { derName, type ExtensionToWrite, type Issuer, issueCertificate } from './issue-certificate';
import { makeReceipt, type ReceiptOptions, type ReceiptSigner } from './receipt';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What iOS 27 appends to authenticator data. */
export interface AppleLaunch {
  readonly bundleVersion?: string;
  /** 1 platform, 2 TestFlight, 3 development, 4 App Store, 5 enterprise, 6 Developer ID, 10 none. */
  readonly validationCategory?: number;
}

/** A pretended device's App Attest enrolment. */
export interface AppAttestOptions extends AppleLaunch {
  readonly teamId: string;
  readonly bundleId: string;
  readonly environment: 'production' | 'development';
  readonly clientDataHash: Uint8Array;
  readonly key: DeviceKey;
  readonly nowMs: number;
  readonly osVersion?: string;
  /** Another value makes refused evidence. */
  readonly counter?: number;
  /** Another key as credential key makes refused evidence. */
  readonly credentialKey?: DeviceKey;
  /** Another key than the device's in the leaf makes refused evidence. */
  readonly leafSpki?: Uint8Array;
  /** Other authenticator data, as they are, under a nonce that covers them. */
  readonly authenticatorData?: Uint8Array;
  /** Replaces the nonce extension's value, or leaves it out: refused. */
  readonly nonceValue?: Uint8Array | null;
  /** Further extensions of the leaf. */
  readonly leafExtensions?: readonly ExtensionToWrite[];
  /** `false` makes the intermediate no certificate authority: refused. */
  readonly intermediateIsCa?: boolean;
  /** What its receipt says otherwise. */
  readonly receipt?: Partial<ReceiptOptions>;
  /** Another receipt of the key, as it is. */
  readonly receiptBytes?: Uint8Array;
}

/** A pretended device's App Attest assertion. */
export interface AppAssertOptions extends AppleLaunch {
  readonly key: DeviceKey;
  readonly counter: number;
  /** `TEAMID.bundle.id`. */
  readonly appId: string;
  readonly clientData: Uint8Array;
}

const AAGUIDS = {
  production: Buffer.from('appattest\0\0\0\0\0\0\0', 'latin1'),
  development: Buffer.from('appattestdevelop', 'latin1'),
} as const;
const FLAG_ATTESTED = 0x40;
const FLAG_EXTENSIONS = 0x80;

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function launchExtensions({ bundleVersion, validationCategory }: AppleLaunch): Buffer {
  const members = new Map<string, string | Uint8Array>();
  if (bundleVersion !== undefined) members.set('apple_bundle_version_01', bundleVersion);
  if (validationCategory !== undefined)
    members.set('apple_validation_category_01', uint32(validationCategory).reverse());
  return members.size === 0 ? Buffer.alloc(0) : Buffer.from(encode(members));
}

function authenticatorHeader(appId: string, counter: number, launch: Buffer): Buffer {
  const flags = FLAG_ATTESTED | (launch.length > 0 ? FLAG_EXTENSIONS : 0);
  return Buffer.concat([sha256(appId), Buffer.from([flags]), uint32(counter)]);
}

function coseKey(point: Uint8Array): Buffer {
  const members = new Map<number, number | Uint8Array>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, point.subarray(1, 33)],
    [-3, point.subarray(33)],
  ]);
  return Buffer.from(encode(members));
}

function attestationData(options: AppAttestOptions): Buffer {
  const launch = launchExtensions(options);
  const { appleKeyId } = options.key;
  return Buffer.concat([
    authenticatorHeader(`${options.teamId}.${options.bundleId}`, options.counter ?? 0, launch),
    AAGUIDS[options.environment],
    Buffer.from([0, appleKeyId.length]),
    appleKeyId,
    coseKey((options.credentialKey ?? options.key).point),
    launch,
  ]);
}

function leafExtensions(nonce: Uint8Array, options: AppAttestOptions): ExtensionToWrite[] {
  const { osVersion, nonceValue = derSequence(derContext(1, derOctetString(nonce))) } = options;
  const extensions: ExtensionToWrite[] = [...(options.leafExtensions ?? [])];
  if (nonceValue !== null) extensions.push({ oid: '1.2.840.113635.100.8.2', value: nonceValue });
  if (osVersion !== undefined) {
    const version = derContext(1400, derOctetString(Buffer.from(osVersion, 'utf8')));
    extensions.push({ oid: '1.2.840.113635.100.8.7', value: derSequence(version) });
  }
  return extensions;
}

/** Apple's receipts last for 90 days. */
const RECEIPT_DAYS = 90;

function receiptOf(signer: ReceiptSigner, certificate: Uint8Array, options: AppAttestOptions): Buffer {
  return makeReceipt(signer, {
    appId: `${options.teamId}.${options.bundleId}`,
    certificate,
    clientHash: options.clientDataHash,
    type: 'ATTEST',
    environment: options.environment === 'production' ? 'production' : 'sandbox',
    createdMs: options.nowMs,
    expiresMs: options.nowMs + RECEIPT_DAYS * DAY_MS,
    ...options.receipt,
  });
}

/**
 * Makes a really signed attestation object, with its receipt, under issuers that stand for Apple's intermediate and for
 * its signer of receipts.
 */
export function makeAppAttest(
  issuer: Issuer,
  receiptSigner: ReceiptSigner,
  serial: number,
  options: AppAttestOptions,
): Extract<Evidence, { format: 'apple-app-attest' }> {
  const authData = options.authenticatorData ?? attestationData(options);
  const nonce = sha256(Buffer.concat([authData, options.clientDataHash]));
  const leaf = issueCertificate({
    issuer,
    subject: derName([['CN', options.key.appleKeyId.toString('hex')]]),
    spki: options.leafSpki ?? options.key.spki,
    serial,
    notBeforeMs: options.nowMs - DAY_MS,
    notAfterMs: options.nowMs + 300 * DAY_MS,
    isCa: false,
    extensions: leafExtensions(nonce, options),
  });
  const receipt = options.receiptBytes ?? receiptOf(receiptSigner, leaf, options);
  const object = encode({
    fmt: 'apple-appattest',
    attStmt: { x5c: [leaf, ...issuer.chain], receipt },
    authData,
  });
  return {
    format: 'apple-app-attest',
    keyId: toBase64Url(options.key.appleKeyId),
    attestationObject: toBase64Url(object),
  };
}

/** Makes a really signed assertion: CBOR `{signature, authenticatorData}`. */
export function makeAppAssertion(options: AppAssertOptions): Buffer {
  const launch = launchExtensions(options);
  const header = authenticatorHeader(options.appId, options.counter, launch);
  const authenticatorData = Buffer.concat([header, launch]);
  const nonce = sha256(Buffer.concat([authenticatorData, sha256(options.clientData)]));
  const signature = sign('sha256', nonce, options.key.privateKey);
  return Buffer.from(encode({ signature, authenticatorData }));
}
