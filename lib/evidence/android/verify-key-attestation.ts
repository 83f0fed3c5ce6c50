import type { EvidenceClaims, Verification } from '@/lib/contracts';
import { sha256, toBase64Url, toHex } from '@/lib/core';
import { type Certificate, PATH_EXTENSIONS } from '@/lib/crypto';
import {
  checkAnchors,
  checkCriticalExtensions,
  checkNames,
  type Path,
  readChain,
  verifySignatures,
} from '../chain';
import type { Anchor, VerificationContext } from '../context';
import { check, runSteps, type Steps } from '../steps';
import { type AttestedApp, checkApplication } from './application-id';
import { checkAndroidIssuers, checkExtensionPlacement, findAndroidAnchors } from './chain-rules';
import { KEY_DESCRIPTION_EXTENSION, type KeyDescription, readKeyDescription } from './key-description';
import {
  checkAge,
  checkAlgorithm,
  checkAssertingKey,
  checkChallenge,
  checkOrigin,
  checkPatchLevels,
  checkPurpose,
  checkRootOfTrust,
  checkSecurityLevels,
} from './key-rules';
import {
  checkAndroidValidity,
  type Provisioning,
  provisioningOf,
  readProvisioningInfo,
} from './provisioning';
import { checkRevocation, serialsOf } from './revocation';
import { ANDROID_TOLERANCE } from './tolerance';
import { formatOsVersion, formatPatchLevel } from './versions';

/** A critical KeyDescription is refused by its own check. */
const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([...PATH_EXTENSIONS, KEY_DESCRIPTION_EXTENSION]);
const PROFILE = { min: 2, max: 10, tolerance: ANDROID_TOLERANCE } as const;

interface Verified {
  readonly spki: Uint8Array;
  readonly anchor: Anchor;
  readonly description: KeyDescription;
  readonly app: AttestedApp;
  readonly provisioning: Provisioning;
  readonly certificatesIssued: number | null;
  /** Certificate of the key that certified this one. */
  readonly issuer: Certificate | undefined;
  readonly serials: readonly string[];
}

function claimsOf(verified: Verified, nowMs: number): EvidenceClaims {
  const { spki, anchor, description, app, provisioning, certificatesIssued, issuer } = verified;
  const hardware = description.hardwareEnforced;
  const { rootOfTrust } = hardware;
  return {
    format: 'android-key-attestation',
    platform: 'android',
    environment: 'production',
    publicKey: toBase64Url(spki),
    keyId: toBase64Url(sha256(spki)),
    securityLevel: description.attestationSecurityLevel,
    anchor: anchor.name,
    boot:
      rootOfTrust === null
        ? null
        : {
            deviceLocked: rootOfTrust.deviceLocked,
            state: rootOfTrust.state,
            bootKey: toHex(rootOfTrust.bootKey),
            bootHash: rootOfTrust.bootHash === null ? null : toHex(rootOfTrust.bootHash),
          },
    app: { id: app.packageName, version: app.versionCode, signerDigests: [...app.signerDigests] },
    osVersion: formatOsVersion(hardware.osVersion),
    osPatchLevel: formatPatchLevel(hardware.osPatchLevel, nowMs),
    vendorPatchLevel: formatPatchLevel(hardware.vendorPatchLevel, nowMs),
    bootPatchLevel: formatPatchLevel(hardware.bootPatchLevel, nowMs),
    attestationVersion: description.attestationVersion,
    provisioning,
    certificatesIssued,
    ...(issuer === undefined ? {} : { attestationKey: toHex(sha256(issuer.spki)) }),
    certificateSerials: [...verified.serials],
    validationCategory: null,
  };
}

/** What the vendor provisioned: without the app's own key in between, which is as free of dates and flags as a leaf. */
function provisionedPath(path: Path, attestKey: Certificate | undefined): Path {
  const [, ...issuers] = path.issuers;
  return attestKey === undefined ? path : { leaf: attestKey, issuers };
}

/** Serials of a chain that is well-formed; none of any other, whose revocation is never asked about. */
export function serialsOfChain(certificates: readonly Uint8Array[]): string[] {
  const chain = readChain(certificates, PROFILE);
  return chain.outcome === 'fail' ? [] : serialsOf(chain.value, undefined);
}

function* steps(certificates: readonly Uint8Array[], context: VerificationContext): Steps<EvidenceClaims> {
  const anchors = yield* check('anchors_configured', checkAnchors(context.anchors.android));
  const chain = yield* check('chain_well_formed', readChain(certificates, PROFILE));
  const attestKey = yield* check('extension_placement', checkExtensionPlacement(chain));
  yield* check('chain_critical_extensions', checkCriticalExtensions(chain, KNOWN_EXTENSIONS));
  const { path, root, candidates } = yield* check('chain_anchor', findAndroidAnchors(chain, anchors));
  yield* check('chain_names', checkNames(chain));
  const provisioned = provisionedPath(path, attestKey);
  const provisioning = provisioningOf(provisioned);
  yield* check('chain_issuers', checkAndroidIssuers(provisioned, provisioning));
  yield* check('chain_validity', checkAndroidValidity(provisioned, provisioning, context.nowMs));
  const anchor = yield* check('chain_signatures', verifySignatures(path, candidates));
  yield* check('revocation', checkRevocation(serialsOf(path, root), context));
  const description = yield* check('key_description', readKeyDescription(path.leaf));
  yield* check('challenge', checkChallenge(description, context.clientDataHash));
  yield* check('security_level', checkSecurityLevels(description));
  yield* check('key_origin', checkOrigin(description));
  yield* check('root_of_trust', checkRootOfTrust(description));
  yield* check('key_purpose', checkPurpose(description));
  yield* check('key_algorithm', checkAlgorithm(description, path.leaf.spki));
  yield* check('asserting_key', checkAssertingKey(path.leaf.spki, context.assertingKeyRequired));
  const app = yield* check('app_identity', checkApplication(description, context.reference.androidApps));
  yield* check('patch_levels', checkPatchLevels(description, context.nowMs));
  yield* check('statement_age', checkAge(description, context));
  const certificatesIssued = yield* check('provisioning_info', readProvisioningInfo(provisioned));
  const { spki } = path.leaf;
  const [issuer] = provisioned.issuers;
  return claimsOf(
    {
      spki,
      anchor,
      description,
      app,
      provisioning,
      certificatesIssued,
      issuer,
      serials: serialsOf(path, root),
    },
    context.nowMs,
  );
}

/**
 * Verifies an Android key attestation chain (leaf first, DER) whose challenge is `clientDataHash`. Boot state,
 * security level and patch levels become claims for the appraisal; contradictions among them are refusals.
 */
export function verifyAndroidKeyAttestation(
  certificates: readonly Uint8Array[],
  context: VerificationContext,
): Verification {
  return runSteps(steps(certificates, context));
}
