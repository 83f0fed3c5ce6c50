import type { Verification } from '@/lib/contracts';
import { equalBytes } from '@/lib/core';
import {
  type Certificate,
  isContentSignedBy,
  PATH_EXTENSIONS,
  readSignedData,
  type SignedData,
  STRICT_DER,
  sameName,
  signerCertificateOf,
} from '@/lib/crypto';
import {
  anchorOfKey,
  certificatesOf,
  checkAnchors,
  checkCriticalExtensions,
  checkIssuers,
  checkValidity,
  findAnchors,
  type Path,
  verifySignatures,
} from '../chain';
import type { Anchor, AppleEnvironment } from '../context';
import { check, type Finding, fail, pass, runSteps, type Steps, skip } from '../steps';
import { type ReceiptPayload, type ReceiptType, readReceiptPayload } from './receipt';

/** What a receipt is verified against. Whatever is `null` is not asked for. */
export interface ReceiptContext {
  readonly nowMs: number;
  readonly anchors: readonly Anchor[];
  /** `TEAMID.bundle.id` of the apps that it may be for. */
  readonly appIds: readonly string[];
  readonly environments: readonly AppleEnvironment[];
  /** SubjectPublicKeyInfo of the attested key, DER. */
  readonly publicKey: Uint8Array;
  readonly type: ReceiptType | null;
  /** What a receipt of an attestation must have been made for. */
  readonly clientDataHash: Uint8Array | null;
  /** Largest accepted age at its registration; Apple's guide says five minutes. */
  readonly maxAgeSeconds: number | null;
}

/** What a verified receipt proves. */
export type ReceiptClaims = Omit<ReceiptPayload, 'attestedCertificate' | 'clientHash'> & {
  readonly anchor: string;
};

/** Receipts of real devices were created up to a minute after their verification, by its clock. */
const FUTURE_TOLERANCE_MS = 120_000;
/** Apple marks the certificates that sign receipts; many others chain to the same root, those of developers included. */
const RECEIPT_SIGNER_EXTENSION = '1.2.840.113635.100.12.15';

function checkSignedData(receipt: Uint8Array): Finding<{ data: SignedData; signer: Certificate }> {
  const data = readSignedData(receipt);
  const signer = data === undefined ? undefined : signerCertificateOf(data);
  return data === undefined || signer === undefined
    ? fail('receipt_malformed', 'The receipt is not CMS signed data with its signer’s certificate.')
    : pass({ data, signer }, 'CMS signed data with its signer’s certificate.');
}

function checkPayload(data: SignedData): Finding<ReceiptPayload> {
  const payload = readReceiptPayload(data.content);
  return payload === undefined
    ? fail('receipt_malformed', 'A field of the receipt is absent or malformed.')
    : pass(payload, `A receipt of type ${payload.type}.`);
}

/** The signer's certificate with its issuers by their names, among those that were sent, up to but without a pinned root. */
function pathOf(signer: Certificate, sent: readonly Certificate[], anchors: readonly Anchor[]): Path {
  const issuers: Certificate[] = [];
  let last = signer;
  for (const _ of sent) {
    const issuer = sent.find(({ subject }) => sameName(subject, last.issuer));
    if (issuer === undefined || issuer === last || anchorOfKey(issuer, anchors) !== undefined) break;
    issuers.push(issuer);
    last = issuer;
  }
  return { leaf: signer, issuers };
}

function checkSigner({ leaf }: Path): Finding<void> {
  return leaf.extensions.has(RECEIPT_SIGNER_EXTENSION)
    ? pass(undefined, 'The certificate is one that signs receipts.')
    : fail('receipt_untrusted', 'The certificate is not one that signs receipts.');
}

function checkSignature(data: SignedData, signer: Certificate): Finding<void> {
  return isContentSignedBy(data, signer.spki)
    ? pass(undefined, 'The certificate’s key signed the receipt.')
    : fail('receipt_bad_signature', 'The signature of the receipt does not verify.');
}

function checkApp({ appId }: ReceiptPayload, { appIds }: ReceiptContext): Finding<void> {
  return appIds.includes(appId)
    ? pass(undefined, 'The receipt is for this app.')
    : fail('receipt_app_mismatch', 'The receipt is for another app.');
}

function checkEnvironment({ environment }: ReceiptPayload, context: ReceiptContext): Finding<void> {
  return context.environments.includes(environment)
    ? pass(undefined, `The environment is ${environment}.`)
    : fail('receipt_environment_mismatch', `The environment ${environment} is not the attestation’s.`);
}

function checkKey({ attestedCertificate }: ReceiptPayload, { publicKey }: ReceiptContext): Finding<void> {
  return equalBytes(attestedCertificate.spki, publicKey)
    ? pass(undefined, 'The receipt is for this key.')
    : fail('receipt_key_mismatch', 'The receipt is for another key.');
}

function checkType({ type }: ReceiptPayload, context: ReceiptContext): Finding<void> {
  if (context.type === null) return skip(undefined, 'Any type will do.');
  return type === context.type
    ? pass(undefined, `The type is ${type}.`)
    : fail('receipt_malformed', `The type is ${type}, not ${context.type}.`);
}

function checkClientHash({ clientHash }: ReceiptPayload, { clientDataHash }: ReceiptContext): Finding<void> {
  if (clientDataHash === null) return skip(undefined, 'The client data are not compared.');
  return equalBytes(clientHash, clientDataHash)
    ? pass(undefined, 'The receipt was made for this client data.')
    : fail('receipt_client_data_mismatch', 'The receipt was made for other client data.');
}

function checkTimes({ createdMs, expiresMs }: ReceiptPayload, context: ReceiptContext): Finding<void> {
  const { nowMs, maxAgeSeconds } = context;
  if (!(createdMs <= nowMs + FUTURE_TOLERANCE_MS))
    return fail('receipt_stale', 'The receipt is from the future.');
  if (!(nowMs <= expiresMs)) return fail('receipt_stale', 'The receipt has expired.');
  if (maxAgeSeconds !== null && !(nowMs - createdMs <= maxAgeSeconds * 1000))
    return fail('receipt_stale', `The receipt is older than ${maxAgeSeconds} seconds.`);
  return pass(undefined, 'The receipt is recent, and has not expired.');
}

function* steps(receipt: Uint8Array, context: ReceiptContext): Steps<ReceiptClaims> {
  const anchors = yield* check('receipt_anchors_configured', checkAnchors(context.anchors));
  const { data, signer } = yield* check('receipt_signed_data', checkSignedData(receipt));
  yield* check('receipt_signature', checkSignature(data, signer));
  const payload = yield* check('receipt_fields', checkPayload(data));
  const path = pathOf(signer, data.certificates, anchors);
  yield* check('receipt_chain_critical_extensions', checkCriticalExtensions(path, PATH_EXTENSIONS));
  const candidates = yield* check('receipt_chain_anchor', findAnchors(path, anchors));
  yield* check('receipt_chain_issuers', checkIssuers(path, STRICT_DER));
  // Signers' certificates last for about a year, receipts and the wish to check them for longer.
  yield* check('receipt_chain_validity', checkValidity(certificatesOf(path), payload.createdMs));
  const anchor = yield* check('receipt_chain_signatures', verifySignatures(path, candidates));
  yield* check('receipt_signer', checkSigner(path));
  yield* check('receipt_type', checkType(payload, context));
  yield* check('receipt_app', checkApp(payload, context));
  yield* check('receipt_environment', checkEnvironment(payload, context));
  yield* check('receipt_key', checkKey(payload, context));
  yield* check('receipt_client_data', checkClientHash(payload, context));
  yield* check('receipt_times', checkTimes(payload, context));
  const { attestedCertificate: _certificate, clientHash: _clientHash, ...claims } = payload;
  return { ...claims, anchor: anchor.name };
}

/**
 * Verifies a receipt of App Attest: its signature, its chain to Apple's root at the time of its creation, and every field
 * as Apple documents it. What it proves is a count of keys, not a verdict. Total: hostile input is a refusal.
 */
export function verifyReceipt(receipt: Uint8Array, context: ReceiptContext): Verification<ReceiptClaims> {
  return runSteps(steps(receipt, context));
}
