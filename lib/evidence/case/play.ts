import type { IntegrityRequirements } from '@/lib/contracts';
import { fromBase64Url } from '@/lib/core';
import { parseJsonObject } from '../play/envelope';
import { readPlayKeys } from '../play/keys';
import { type IntegrityContext, verifyPlayToken } from '../play/verify-play';
import { type CaseFiles, type CaseOutcome, caseFailure } from './outcome';
import { type PlayInputs, playKeysSchema } from './schemas';

const LABELS: Readonly<Record<string, IntegrityRequirements['deviceLabel']>> = {
  MEETS_BASIC_INTEGRITY: 'basic',
  MEETS_DEVICE_INTEGRITY: 'device',
  MEETS_STRONG_INTEGRITY: 'strong',
};

/** What the case's own policy asks of the labels. */
function requirementsOf({ policy }: PlayInputs): IntegrityRequirements {
  return {
    deviceLabel: LABELS[policy.requiredDeviceLabel] ?? null,
    minSdkVersion: policy.minSdkVersion ?? null,
    recognized: policy.requireRecognized,
    licensed: policy.requireLicensed,
    playProtect: policy.playProtectAllowed ?? null,
    refusedAppAccess: [],
    maxActivityLevel: policy.maxDeviceActivityLevel ?? null,
    maxAgeSeconds: Math.max(60, policy.maxAgeSeconds),
  };
}

/** Runs a Play Integrity case: a token with the throw-away keys that it names. */
export function runPlayToken(
  name: string,
  inputs: PlayInputs,
  vector: Uint8Array,
  files: CaseFiles,
): CaseOutcome {
  const content = files.get(inputs.keys);
  if (content === undefined) return caseFailure(name, 'case_file_missing', inputs.keys);
  const stored = playKeysSchema.safeParse(parseJsonObject(Buffer.from(content)));
  if (!stored.success) return caseFailure(name, 'case_keys_malformed', inputs.keys);
  const read = readPlayKeys({
    decryptionKey: stored.data.decryptionKeyBase64,
    verificationKey: stored.data.verificationKeyBase64,
  });
  if (!read.ok) return caseFailure(name, 'case_keys_malformed', read.wrong);
  const { policy, mode, expected, verificationTime: nowMs } = inputs;
  const bound = fromBase64Url((mode === 'classic' ? expected.nonce : expected.requestHash) ?? '');
  if (bound === undefined || bound.length === 0) {
    return caseFailure(name, 'case_malformed', 'The case says nothing that the request was bound to.');
  }
  const context: IntegrityContext = {
    nowMs,
    request: mode,
    clientDataHash: bound,
    apps: [{ packageName: policy.packageName, signerDigests: policy.certificateSha256DigestsBase64Url }],
    testingAllowed: policy.allowTestingResponses,
    maxAgeSeconds: policy.maxAgeSeconds,
    futureSkewSeconds: policy.futureSkewSeconds,
  };
  const token = Buffer.from(vector).toString('utf8').trimEnd();
  const { signed: _, ...integrity } = verifyPlayToken(token, read.keys, context);
  return { ok: true, case: name, integrity, requirements: requirementsOf(inputs), nowMs };
}
