import type { EvidenceClaims, Verification } from '@/lib/contracts';
import { equalBytes, sha256, toBase64Url } from '@/lib/core';
import {
  type Certificate,
  importP256Spki,
  PATH_EXTENSIONS,
  p256PointOfSpki,
  STRICT_DER,
  validityAt,
} from '@/lib/crypto';
import {
  certificatesOf,
  checkAnchors,
  checkCriticalExtensions,
  checkIssuers,
  checkNames,
  checkValidity,
  findAnchors,
  readChain,
  verifySignatures,
} from '../chain';
import { type Anchor, type AppleEnvironment, appleAppId, type VerificationContext } from '../context';
import { check, type Finding, fail, pass, runSteps, type Steps, skip, warn } from '../steps';
import { type AttestationData, readAttestationData } from './authenticator-data';
import { readNonce, readOsVersion } from './leaf-extensions';
import { readAttestationObject } from './objects';
import { isSignedData } from './receipt';
import { type ReceiptClaims, verifyReceipt } from './verify-receipt';

/** What an App Attest attestation object is verified against. */
export interface AppAttestInput {
  readonly attestationObject: Uint8Array;
  /** The key id that the client named: SHA-256 of its key's point. */
  readonly keyId: Uint8Array;
}

/** A receipt that has been verified. */
export interface VerifiedReceipt {
  /** CMS signed data, BER. */
  readonly bytes: Uint8Array;
  readonly claims: ReceiptClaims;
}

/** Claims of an attestation, with its receipt where that verifies. */
export type AppAttestClaims = EvidenceClaims & { readonly receipt: VerifiedReceipt | null };

const PROFILE = { min: 2, max: 2, tolerance: STRICT_DER } as const;

const AAGUIDS: readonly (readonly [AppleEnvironment, Buffer])[] = [
  ['production', Buffer.from('appattest\0\0\0\0\0\0\0', 'latin1')],
  ['development', Buffer.from('appattestdevelop', 'latin1')],
];

function checkReceiptStructure(receipt: Uint8Array): Finding<void> {
  return isSignedData(receipt)
    ? pass(undefined, 'The receipt is CMS signed data.')
    : fail('evidence_malformed', 'The receipt is not CMS signed data.');
}

/** Apple: a receipt that is registered is at most five minutes old. */
const MAX_RECEIPT_AGE_SECONDS = 300;

/**
 * The receipt of this attestation, verified. The nonce does not cover it, so that whoever is between the device and us may
 * exchange it: one that does not verify says nothing of the key, is not kept, and is seen by people.
 */
function checkReceipt(
  bytes: Uint8Array,
  attested: { publicKey: Uint8Array; appId: string; environment: AppleEnvironment },
  context: VerificationContext,
): Finding<VerifiedReceipt | null> {
  const verification = verifyReceipt(bytes, {
    nowMs: context.nowMs,
    anchors: context.anchors.appleReceipts,
    appIds: [attested.appId],
    environments: [attested.environment],
    publicKey: attested.publicKey,
    type: 'attestation',
    clientDataHash: context.clientDataHash,
    maxAgeSeconds: MAX_RECEIPT_AGE_SECONDS,
  });
  if (verification.ok)
    return pass({ bytes, claims: verification.claims }, 'The receipt is Apple’s, for this key.');
  const why = verification.checks.at(-1)?.detail ?? '';
  return warn(null, `The receipt is not accepted (${verification.code}): ${why}`);
}

function checkAnchorValidity(anchor: Anchor, nowMs: number): Finding<void> {
  const validity = validityAt(anchor, nowMs);
  return validity === 'valid'
    ? pass(undefined, 'The anchor is inside its validity window.')
    : fail(`evidence_certificate_${validity}`, 'The anchor is outside its validity window.');
}

function checkLeafKey(leaf: Certificate): Finding<Uint8Array> {
  const point = p256PointOfSpki(leaf.spki);
  return point === undefined || importP256Spki(leaf.spki) === undefined
    ? fail('evidence_key_unsupported', 'The attested key is not on P-256.')
    : pass(point, 'The attested key is on P-256.');
}

function checkAuthenticatorData(bytes: Uint8Array): Finding<AttestationData> {
  const data = readAttestationData(bytes);
  return data === undefined
    ? fail('evidence_malformed', 'The authenticator data is malformed.')
    : pass(data, 'The authenticator data is well-formed.');
}

function checkNonce(nonce: Uint8Array, authenticatorData: Uint8Array, clientDataHash: Uint8Array) {
  return equalBytes(nonce, sha256(Buffer.concat([authenticatorData, clientDataHash])))
    ? pass(undefined, 'The nonce covers the authenticator data and the client data.')
    : fail('evidence_nonce_mismatch', 'The nonce covers other authenticator data or other client data.');
}

function checkKeyId(point: Uint8Array, keyId: Uint8Array, credentialId: Uint8Array): Finding<Uint8Array> {
  const computed = sha256(point);
  return equalBytes(computed, keyId) && equalBytes(computed, credentialId)
    ? pass(computed, 'Key id and credential id name the attested key.')
    : fail('evidence_key_id_mismatch', 'Key id or credential id names another key.');
}

function checkCredentialKey(point: Uint8Array, data: AttestationData): Finding<void> {
  return equalBytes(point, data.credentialPoint)
    ? pass(undefined, 'The credential key is the attested key.')
    : fail('evidence_key_mismatch', 'The credential key is not the attested key.');
}

function checkApp(data: AttestationData, context: VerificationContext): Finding<string> {
  const appId = context.reference.appleApps
    .map(appleAppId)
    .find((candidate) => equalBytes(sha256(candidate), data.rpIdHash));
  return appId === undefined
    ? fail('evidence_app_mismatch', 'The evidence is for an app that is not registered.')
    : pass(appId, 'The evidence is for a registered app.');
}

function checkCounter(data: AttestationData): Finding<void> {
  return data.counter === 0
    ? pass(undefined, 'The counter is 0.')
    : fail('evidence_counter_not_zero', `The counter is ${data.counter}.`);
}

function checkEnvironment(data: AttestationData, context: VerificationContext): Finding<AppleEnvironment> {
  const environment = AAGUIDS.find(([, aaguid]) => aaguid.equals(data.aaguid))?.[0];
  return environment === undefined || !context.reference.appleEnvironments.includes(environment)
    ? fail(
        'evidence_environment_mismatch',
        `The environment ${environment ?? 'is unknown'}; it is not allowed.`,
      )
    : pass(environment, `The environment is ${environment}.`);
}

function checkValidationCategory(data: AttestationData): Finding<string | null> {
  const { validationCategory } = data.extensions;
  return validationCategory === null
    ? skip(null, 'The system states no launch validation category.')
    : pass(validationCategory, `Launch validation category ${validationCategory}.`);
}

function* steps(input: AppAttestInput, context: VerificationContext): Steps<AppAttestClaims> {
  const anchors = yield* check('anchors_configured', checkAnchors(context.anchors.apple));
  const object = yield* check('attestation_object_strict', readAttestationObject(input.attestationObject));
  const path = yield* check('chain_well_formed', readChain(object.x5c, PROFILE));
  yield* check('receipt_structure', checkReceiptStructure(object.receipt));
  yield* check('chain_critical_extensions', checkCriticalExtensions(path, PATH_EXTENSIONS));
  yield* check('chain_names', checkNames(path));
  const candidates = yield* check('chain_anchor', findAnchors(path, anchors));
  yield* check('chain_issuers', checkIssuers(path, STRICT_DER));
  yield* check('chain_validity', checkValidity(certificatesOf(path), context.nowMs));
  const anchor = yield* check('chain_signatures', verifySignatures(path, candidates));
  yield* check('anchor_validity', checkAnchorValidity(anchor, context.nowMs));
  const point = yield* check('leaf_key', checkLeafKey(path.leaf));
  const data = yield* check('authenticator_data', checkAuthenticatorData(object.authenticatorData));
  const nonce = yield* check('nonce_extension', readNonce(path.leaf));
  yield* check('nonce', checkNonce(nonce, object.authenticatorData, context.clientDataHash));
  const keyId = yield* check('key_id', checkKeyId(point, input.keyId, data.credentialId));
  yield* check('credential_key', checkCredentialKey(point, data));
  const appId = yield* check('app_identity', checkApp(data, context));
  yield* check('counter_zero', checkCounter(data));
  const environment = yield* check('environment', checkEnvironment(data, context));
  const validationCategory = yield* check('validation_category', checkValidationCategory(data));
  const attested = { publicKey: path.leaf.spki, appId, environment };
  const receipt = yield* check('receipt', checkReceipt(object.receipt, attested, context));
  return {
    format: 'apple-app-attest',
    platform: 'ios',
    environment,
    publicKey: toBase64Url(path.leaf.spki),
    keyId: toBase64Url(keyId),
    securityLevel: 'secure_enclave',
    anchor: anchor.name,
    boot: null,
    app: { id: appId, version: data.extensions.bundleVersion, signerDigests: [] },
    osVersion: readOsVersion(path.leaf),
    osPatchLevel: null,
    vendorPatchLevel: null,
    bootPatchLevel: null,
    attestationVersion: null,
    provisioning: null,
    certificatesIssued: null,
    validationCategory,
    receipt,
  };
}

/**
 * Verifies an App Attest attestation object against `clientDataHash` (what the device appended to the authenticator
 * data). Its receipt is verified besides; one that does not verify is a warning, as the nonce does not cover it.
 */
export function verifyAppAttestAttestation(
  input: AppAttestInput,
  context: VerificationContext,
): Verification<AppAttestClaims> {
  return runSteps(steps(input, context));
}

/** The verification in the contract's shape, and the receipt beside it. */
export function apartFromReceipt(verification: Verification<AppAttestClaims>): {
  verification: Verification;
  receipt: VerifiedReceipt | null;
} {
  if (!verification.ok) return { verification, receipt: null };
  const { receipt, ...claims } = verification.claims;
  return { verification: { ...verification, claims }, receipt };
}
