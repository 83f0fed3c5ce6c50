import type { KeyObject } from 'node:crypto';
import {
  DEVICE_LABELS,
  type IntegrityClaims,
  type IntegrityRequest,
  type Verification,
} from '@/lib/contracts';
import { equalBytes, fromBase64Url, toBase64Url } from '@/lib/core';
import type { AndroidApp } from '../context';
import { check, type Finding, fail, pass, runSteps, type Steps, skip, warn } from '../steps';
import {
  checkEncryption,
  checkSignature,
  checkSigning,
  decrypt,
  parseJsonObject,
  readEncrypted,
  readSigned,
} from './envelope';
import type { PlayKeys } from './keys';
import { claimsOf, type PlayPayload, readPayload } from './payload';

/** Everything that the verification of a verdict knows besides the token. */
export interface IntegrityContext {
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** The kind of request that the app makes; the other kind's binding does not count. */
  readonly request: IntegrityRequest;
  /** What the request must be bound to: SHA-256 of the client data. */
  readonly clientDataHash: Uint8Array;
  /** Registered apps; digests as base64url. */
  readonly apps: readonly PlayApp[];
  /** Whether a testing response may be accepted: never for an app in production. */
  readonly testingAllowed: boolean;
  /** Largest age of the request in seconds. The token itself says nothing of its end. */
  readonly maxAgeSeconds: number;
  /** How far Google's clock may be ahead, in seconds. */
  readonly futureSkewSeconds: number;
}

/** A registered package with the digests of its signing certificates, base64url. */
export interface PlayApp {
  readonly packageName: string;
  readonly signerDigests: readonly string[];
}

/** A verdict is asked for and presented within one exchange. */
export const PLAY_DEFAULTS = { maxAgeSeconds: 600, futureSkewSeconds: 60 } as const;

/** Google Play's documentation reads STRONG as "patched within a year" only from this SDK version on. */
const STRONG_MEANS_PATCHED_FROM_SDK = 33;

/** Registered Android apps as Play Integrity spells them: one entry per package, any of its digests. */
export function playApps(apps: readonly AndroidApp[]): PlayApp[] {
  const digests = new Map<string, Set<string>>();
  for (const { packageName, signerDigests } of apps) {
    const known = digests.get(packageName) ?? new Set<string>();
    for (const digest of signerDigests) known.add(toBase64Url(Buffer.from(digest, 'hex')));
    digests.set(packageName, known);
  }
  return Array.from(digests, ([packageName, known]) => ({ packageName, signerDigests: [...known] }));
}

function checkRequestPackage(payload: PlayPayload, apps: readonly PlayApp[]): Finding<void> {
  const { requestPackageName } = payload.requestDetails;
  return apps.some(({ packageName }) => packageName === requestPackageName)
    ? pass(undefined, 'The request came from a registered package.')
    : fail('integrity_app_mismatch', 'The request came from a package that is not registered.');
}

const BINDING = { classic: 'nonce', standard: 'requestHash' } as const;

function checkBinding(payload: PlayPayload, context: IntegrityContext): Finding<void> {
  const member = BINDING[context.request];
  const bound = payload.requestDetails[member];
  if (bound === undefined) {
    return fail(
      'integrity_request_mismatch',
      `The verdict has no ${member}: it is not of a ${context.request} request.`,
    );
  }
  const bytes = fromBase64Url(unpadded(bound));
  return bytes !== undefined && equalBytes(bytes, context.clientDataHash)
    ? pass(undefined, `The ${member} is the hash of this client data.`)
    : fail('integrity_request_mismatch', `The ${member} is not the hash of this client data.`);
}

/** Android's encoder pads; the bytes are the same. */
function unpadded(text: string): string {
  return text.length % 4 === 0 ? text.replace(/={1,2}$/, '') : text;
}

function checkFreshness(payload: PlayPayload, context: IntegrityContext): Finding<void> {
  const ageMs = context.nowMs - payload.requestDetails.timestampMillis;
  // Written so that a value that is no number fails too.
  const isFresh = ageMs <= context.maxAgeSeconds * 1000 && ageMs >= -context.futureSkewSeconds * 1000;
  return isFresh
    ? pass(undefined, 'The verdict was asked for just now.')
    : fail('integrity_stale', 'The verdict was asked for too long ago, or in the future.');
}

function checkTesting({ testingDetails }: PlayPayload, context: IntegrityContext): Finding<void> {
  if (testingDetails?.isTestingResponse !== true)
    return pass(undefined, 'The verdict is no testing response.');
  return context.testingAllowed
    ? warn(undefined, 'The verdict is a testing response, which this development app accepts.')
    : fail('integrity_testing_response', 'The verdict is a testing response.');
}

/** Verdicts under which Google does not say which app it is. */
const SAYS_NOTHING_OF_THE_APP: ReadonlySet<string | undefined> = new Set([undefined, 'UNEVALUATED']);

function checkApp({ appIntegrity }: PlayPayload, apps: readonly PlayApp[]): Finding<void> {
  const { appRecognitionVerdict, packageName, certificateSha256Digest } = appIntegrity ?? {};
  const isSilent = packageName === undefined && certificateSha256Digest === undefined;
  if (isSilent && SAYS_NOTHING_OF_THE_APP.has(appRecognitionVerdict)) {
    return skip(undefined, 'Google did not evaluate the app.');
  }
  const app = apps.find((one) => one.packageName === packageName);
  return app !== undefined && certificateSha256Digest?.some((digest) => isDigestOf(app, digest)) === true
    ? pass(undefined, 'The app and a certificate that signed it are registered.')
    : fail('integrity_app_mismatch', 'The app, or every certificate that signed it, is not registered.');
}

function isDigestOf({ signerDigests }: PlayApp, digest: string): boolean {
  return signerDigests.includes(unpadded(digest));
}

function readLabels({ deviceLabels, sdkVersion }: IntegrityClaims): Finding<void> {
  if (deviceLabels.length === 0) return warn(undefined, 'The device has no integrity label.');
  const isStrong = deviceLabels.includes(DEVICE_LABELS.strong);
  if (isStrong && (sdkVersion ?? 0) < STRONG_MEANS_PATCHED_FROM_SDK) {
    return warn(
      undefined,
      `${deviceLabels.join(', ')}. STRONG says nothing about patches on SDK version ${sdkVersion ?? 'unknown'}.`,
    );
  }
  return pass(undefined, `${deviceLabels.join(', ')} on SDK version ${sdkVersion ?? 'unknown'}.`);
}

function* verdictSteps(value: unknown, context: IntegrityContext): Steps<IntegrityClaims> {
  const payload = yield* check('integrity_payload', readPayload(value));
  yield* check('integrity_request_package', checkRequestPackage(payload, context.apps));
  yield* check('integrity_request_binding', checkBinding(payload, context));
  yield* check('integrity_request_age', checkFreshness(payload, context));
  yield* check('integrity_testing_response', checkTesting(payload, context));
  yield* check('integrity_app', checkApp(payload, context.apps));
  const claims = claimsOf(payload, context.request);
  yield* check('integrity_device_labels', readLabels(claims));
  return claims;
}

function* signedSteps(
  content: Uint8Array,
  key: KeyObject,
  context: IntegrityContext,
): Steps<IntegrityClaims> {
  const signed = yield* check('integrity_signed_format', readSigned(content));
  yield* check('integrity_signed_algorithm', checkSigning(signed));
  yield* check('integrity_signature', checkSignature(signed, key));
  return yield* verdictSteps(parseJsonObject(signed.payload), context);
}

/** What a verification of a token gives besides: the signed content, without which nothing can be replayed. */
export type TokenVerification = Verification<IntegrityClaims> & { readonly signed: Uint8Array | null };

/**
 * Verifies a classic token with the app's own keys: opens it, verifies Google's signature, and checks the verdict against
 * the client data and the registered apps. Which labels are good enough is the policy's decision. Total.
 */
export function verifyPlayToken(token: string, keys: PlayKeys, context: IntegrityContext): TokenVerification {
  let signed: Uint8Array | null = null;
  const steps = function* (): Steps<IntegrityClaims> {
    const encrypted = yield* check('integrity_token_format', readEncrypted(token));
    yield* check('integrity_token_algorithms', checkEncryption(encrypted));
    signed = yield* check('integrity_token_decryption', decrypt(encrypted, keys.decryptionKey));
    return yield* signedSteps(signed, keys.verificationKey, context);
  };
  const verification = runSteps(steps());
  return { ...verification, signed };
}

/** Verifies the signed content of a token that was opened before. Total. */
export function verifySignedVerdict(
  content: Uint8Array,
  verificationKey: KeyObject,
  context: IntegrityContext,
): Verification<IntegrityClaims> {
  return runSteps(signedSteps(content, verificationKey, context));
}

/**
 * Verifies a verdict that Google decoded (`tokenPayloadExternal`): who answers there is proven by the connection, so that
 * what is left is whether it is for this app and this client data. Total.
 */
export function verifyDecodedVerdict(
  payload: unknown,
  context: IntegrityContext,
): Verification<IntegrityClaims> {
  return runSteps(verdictSteps(payload, context));
}

function* refusedSteps(): Steps<never> {
  return yield* check(
    'integrity_decoding',
    fail('integrity_token_refused', 'Google does not decode this token for this app.'),
  );
}

/** A token that Google itself refused to decode. */
export function refusedByGoogle(): Verification<never> {
  return runSteps(refusedSteps());
}
