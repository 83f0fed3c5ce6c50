import type { EvidenceClaims, Verification } from '@/lib/contracts';
import { sha256, toBase64Url, toHex } from '@/lib/core';
import { importP256Spki, PATH_EXTENSIONS, STRICT_DER, verifyEs256 } from '@/lib/crypto';
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
import { appleAppId, type ReferenceValues, type VerificationContext } from '../context';
import { check, type Finding, fail, pass, runSteps, type Steps } from '../steps';
import { type DevClaims, readDevClaims } from './claims-extension';

/** Simulator evidence: a chain (leaf first, DER) and a signature by the leaf's key over the client data. */
export interface DevInput {
  readonly certificates: readonly Uint8Array[];
  readonly signature: Uint8Array;
}

const PROFILE = { min: 1, max: 4, tolerance: STRICT_DER } as const;

function checkAllowed({ developmentAllowed }: VerificationContext): Finding<void> {
  return developmentAllowed
    ? pass(undefined, 'This app may present development evidence.')
    : fail('evidence_environment_mismatch', 'This app may not present development evidence.');
}

function checkKey(spki: Uint8Array): Finding<void> {
  return importP256Spki(spki) === undefined
    ? fail('evidence_key_unsupported', 'The attested key is not on P-256.')
    : pass(undefined, 'The attested key is on P-256.');
}

/** The leaf's key signs the client data, and with it the challenge: possession and freshness at once. */
function checkPossession(spki: Uint8Array, input: DevInput, context: VerificationContext): Finding<void> {
  const key = importP256Spki(spki);
  return key !== undefined && verifyEs256(key, context.clientDataBytes, input.signature)
    ? pass(undefined, 'The attested key signed the client data.')
    : fail('evidence_nonce_mismatch', 'The attested key did not sign this client data.');
}

function isRegistered(claims: DevClaims, reference: ReferenceValues): boolean {
  if (claims.platform === 'ios') return reference.appleApps.some((app) => appleAppId(app) === claims.appId);
  const signers = claims.signerDigests.toSorted().join(' ');
  return reference.androidApps.some(
    (app) => app.packageName === claims.appId && app.signerDigests.toSorted().join(' ') === signers,
  );
}

function checkApp(claims: DevClaims, reference: ReferenceValues): Finding<void> {
  return isRegistered(claims, reference)
    ? pass(undefined, 'The evidence is for a registered app.')
    : fail('evidence_app_mismatch', 'The evidence is for an app that is not registered.');
}

function* steps(input: DevInput, context: VerificationContext): Steps<EvidenceClaims> {
  yield* check('development_allowed', checkAllowed(context));
  const anchors = yield* check('anchors_configured', checkAnchors(context.anchors.dev));
  const path = yield* check('chain_well_formed', readChain(input.certificates, PROFILE));
  yield* check('chain_critical_extensions', checkCriticalExtensions(path, PATH_EXTENSIONS));
  yield* check('chain_names', checkNames(path));
  const candidates = yield* check('chain_anchor', findAnchors(path, anchors));
  yield* check('chain_issuers', checkIssuers(path, STRICT_DER));
  yield* check('chain_validity', checkValidity(certificatesOf(path), context.nowMs));
  const anchor = yield* check('chain_signatures', verifySignatures(path, candidates));
  const { spki } = path.leaf;
  yield* check('leaf_key', checkKey(spki));
  const claims = yield* check('simulator_claims', readDevClaims(path.leaf));
  yield* check('possession', checkPossession(spki, input, context));
  yield* check('app_identity', checkApp(claims, context.reference));
  const [issuer] = path.issuers;
  return {
    format: 'dev',
    platform: claims.platform,
    environment: 'development',
    publicKey: toBase64Url(spki),
    keyId: toBase64Url(sha256(spki)),
    securityLevel: claims.securityLevel,
    anchor: anchor.name,
    boot: claims.boot,
    app: { id: claims.appId, version: claims.appVersion, signerDigests: claims.signerDigests },
    osVersion: claims.osVersion,
    osPatchLevel: claims.osPatchLevel,
    vendorPatchLevel: null,
    bootPatchLevel: null,
    attestationVersion: null,
    provisioning: null,
    certificatesIssued: null,
    ...(issuer === undefined ? {} : { attestationKey: toHex(sha256(issuer.spki)) }),
    validationCategory: null,
  };
}

/**
 * Verifies a simulator's evidence. Refused unless the context allows development evidence; its claims say
 * `environment: development`, whatever it pretends about its hardware.
 */
export function verifyDevEvidence(input: DevInput, context: VerificationContext): Verification {
  return runSteps(steps(input, context));
}
