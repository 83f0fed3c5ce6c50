import { toHex } from '@/lib/core';
import { decodeUtf8 } from '@/lib/crypto';
import { type Anchor, BUILT_IN_ANCHORS, readAnchor, readPemCertificates } from '../anchors';
import { parseRevocationList } from '../android/revocation';
import { verifyAndroidKeyAttestation } from '../android/verify-key-attestation';
import type { AndroidApp, RevocationSnapshot } from '../context';
import { CASE_DEFAULTS, type CaseFailure, type CaseFiles, type CaseOutcome, caseFailure } from './outcome';
import type { AndroidInputs } from './schemas';

/**
 * Packages that share one UID by the platform's design. A case names one package, but Android attests every package
 * of the UID; these belong together, and any other companion stays unregistered.
 */
const SHARED_UIDS: readonly (readonly string[])[] = [['com.google.android.gms', 'com.google.android.gsf']];

function registeredApps({ packageName, signatureDigestsBase64 }: AndroidInputs): AndroidApp[] {
  const signerDigests = (signatureDigestsBase64 ?? []).map((digest) => toHex(digest));
  const packages = SHARED_UIDS.find((members) => members.includes(packageName)) ?? [packageName];
  return packages.map((member) => ({ packageName: member, signerDigests }));
}

function isFailure<T extends object>(value: T | CaseFailure): value is CaseFailure {
  return 'ok' in value && value.ok === false;
}

/** The anchors that the case names instead of the built-in ones. */
function readCaseAnchors(
  name: string,
  inputs: AndroidInputs,
  files: CaseFiles,
): readonly Anchor[] | CaseFailure {
  if (inputs.trustAnchors == null) return BUILT_IN_ANCHORS.android;
  const anchors: Anchor[] = [];
  for (const file of inputs.trustAnchors) {
    const content = files.get(file);
    if (content === undefined) return caseFailure(name, 'case_file_missing', file);
    const anchor = readAnchor({ name: file, certificatePem: decodeUtf8(content) ?? '' });
    if (anchor === undefined) return caseFailure(name, 'case_anchor_malformed', file);
    anchors.push(anchor);
  }
  return anchors;
}

/** The status list that the case names, as if fetched at the case's time; none is no check. */
function readCaseRevocation(
  name: string,
  inputs: AndroidInputs,
  files: CaseFiles,
): { snapshot: RevocationSnapshot | null } | CaseFailure {
  if (inputs.statusList == null) return { snapshot: null };
  const content = files.get(inputs.statusList);
  if (content === undefined) return caseFailure(name, 'case_file_missing', inputs.statusList);
  const snapshot = parseRevocationList(content, inputs.verificationTime);
  return snapshot === undefined
    ? caseFailure(name, 'case_status_list_malformed', inputs.statusList)
    : { snapshot };
}

/** Runs an Android key attestation case; the vector is the chain in PEM, leaf first. */
export function runAndroid(
  name: string,
  inputs: AndroidInputs,
  vector: Uint8Array,
  files: CaseFiles,
): CaseOutcome {
  const chain = readPemCertificates(decodeUtf8(vector) ?? '');
  if (chain === undefined) return caseFailure(name, 'case_vector_unusable', 'The chain is not PEM.');
  const anchors = readCaseAnchors(name, inputs, files);
  if (isFailure(anchors)) return anchors;
  const revocation = readCaseRevocation(name, inputs, files);
  if (isFailure(revocation)) return revocation;
  const verification = verifyAndroidKeyAttestation(chain, {
    ...CASE_DEFAULTS,
    nowMs: inputs.verificationTime,
    clientDataHash: inputs.challengeBase64,
    anchors: { apple: [], appleReceipts: [], android: anchors, dev: [] },
    reference: { appleApps: [], appleEnvironments: [], androidApps: registeredApps(inputs) },
    revocation: revocation.snapshot,
    maxStatementAgeSeconds: inputs.policy?.maxStatementAgeSeconds ?? null,
  });
  return { ok: true, case: name, verification, nowMs: inputs.verificationTime, environment: 'production' };
}
