import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { integrityMisses } from '@/lib/appraisal';
import type { EvidenceCode } from '@/lib/contracts';
import type { IntegrityOutcome } from '../index';
import { readVectorFile, readVectors, runVector, type Vector } from '../testing/vectors';
import { verifyDecodedVerdict } from './verify-play';

/** The code of every token that verification refuses, or the threat that its case's policy raises. */
const REFUSALS: Readonly<Record<string, EvidenceCode | (string & {})>> = {
  'app-integrity-missing': 'app_integrity',
  'app-package-other': 'integrity_app_mismatch',
  'app-unevaluated': 'app_integrity',
  'app-unrecognized': 'app_integrity',
  'app-verdict-unknown': 'app_integrity',
  'classic-where-standard-expected': 'integrity_request_mismatch',
  'device-activity-level-4': 'integrity_verdict_low',
  'device-basic-only': 'integrity_verdict_low',
  'device-empty-array': 'integrity_verdict_low',
  'device-empty-object': 'integrity_verdict_low',
  'device-label-string': 'integrity_payload_malformed',
  'device-label-substring': 'integrity_verdict_low',
  'device-missing': 'integrity_verdict_low',
  'device-no-strong-under-strong-policy': 'integrity_verdict_low',
  'digest-empty': 'integrity_app_mismatch',
  'digest-missing': 'integrity_app_mismatch',
  'digest-other': 'integrity_app_mismatch',
  'inner-nested-jwe': 'integrity_token_malformed',
  'jwe-alg-dir': 'integrity_token_algorithm',
  'jwe-ciphertext-bitflip': 'integrity_token_undecryptable',
  'jwe-crit-unknown': 'integrity_token_algorithm',
  'jwe-empty': 'integrity_token_malformed',
  'jwe-enc-a256cbc-hs512': 'integrity_token_algorithm',
  'jwe-four-parts': 'integrity_token_malformed',
  'jwe-header-respelled': 'integrity_token_undecryptable',
  'jwe-iv-bitflip': 'integrity_token_undecryptable',
  'jwe-not-base64url': 'integrity_token_malformed',
  'jwe-six-parts': 'integrity_token_malformed',
  'jwe-tag-bitflip': 'integrity_token_undecryptable',
  'jwe-tag-truncated-4-bytes': 'integrity_token_undecryptable',
  'jwe-zip-def': 'integrity_token_algorithm',
  'jws-alg-hs256-key-confusion-base64-text': 'integrity_token_algorithm',
  'jws-alg-hs256-key-confusion-der': 'integrity_token_algorithm',
  'jws-crit-unknown': 'integrity_token_algorithm',
  'jws-embedded-jwk': 'integrity_token_bad_signature',
  'jws-es384': 'integrity_token_algorithm',
  'jws-payload-replaced': 'integrity_token_bad_signature',
  'jws-without-jwe': 'integrity_token_malformed',
  'nonce-empty': 'integrity_request_mismatch',
  'nonce-missing': 'integrity_request_mismatch',
  'nonce-prefix': 'integrity_request_mismatch',
  'payload-array': 'integrity_payload_malformed',
  'payload-invalid-utf8': 'integrity_payload_malformed',
  'payload-not-json': 'integrity_payload_malformed',
  'play-protect-high-risk': 'malware',
  'request-hash-other': 'integrity_request_mismatch',
  'request-package-other': 'integrity_app_mismatch',
  'sdk-version-missing-under-policy': 'integrity_verdict_low',
  'time-empty-string': 'integrity_payload_malformed',
  'time-exponent': 'integrity_payload_malformed',
  'time-hex': 'integrity_payload_malformed',
  'time-missing': 'integrity_payload_malformed',
  'time-not-a-number': 'integrity_payload_malformed',
  'time-seconds': 'integrity_stale',
  'time-stale': 'integrity_stale',
  'unlicensed-under-license-policy': 'unofficial_store',
};

const VECTORS = readVectors('play/tokens');
const nameOf = ({ case: name }: Vector) => name.slice('play/tokens/'.length);

function outcomeOf(vector: Vector): IntegrityOutcome {
  const outcome = runVector(vector);
  if (!outcome.ok || !('integrity' in outcome)) throw new Error(`${vector.case} gives no verdict`);
  return outcome;
}

/** Why a token is not accepted; `null` where it is. */
function refusalOf(vector: Vector): string | null {
  const { integrity, requirements, nowMs } = outcomeOf(vector);
  if (!integrity.ok) return integrity.code;
  return integrityMisses(integrity.claims, nowMs, requirements)[0]?.threat ?? null;
}

describe('Play Integrity vectors', () => {
  it('are all here', () => {
    const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), '../testing/vectors/play/tokens');
    expect(VECTORS).toHaveLength(readdirSync(folder).filter((name) => name.endsWith('.jwt')).length);
    const rejected = VECTORS.filter(({ expected }) => expected.result === 'reject').map(nameOf);
    expect(rejected.toSorted()).toEqual(Object.keys(REFUSALS).toSorted());
  });

  it.each(VECTORS.map((vector) => [nameOf(vector), vector] as const))('%s', (name, vector) => {
    expect(refusalOf(vector)).toBe(REFUSALS[name] ?? null);
    expect(vector.expected.result).toBe(REFUSALS[name] === undefined ? 'accept' : 'reject');
  });
});

const payload = z.looseObject({}).optional();
const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const orNull = <T>(value: T | undefined): T | null => value ?? null;
/** A member by its path, whatever its type. */
const at = (value: unknown, ...names: string[]): unknown =>
  names.reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);

describe('claims', () => {
  const accepted = VECTORS.filter(({ expected }) => expected.result === 'accept');

  it.each(accepted.map((vector) => [nameOf(vector), vector] as const))(
    'of %s are those of its payload',
    (_name, vector) => {
      const expected = payload.parse(vector.expected.payload);
      const { integrity } = outcomeOf(vector);
      const recall = at(expected, 'deviceIntegrity', 'deviceRecall');
      expect(integrity).toMatchObject({
        ok: true,
        claims: {
          request: vector.inputs.mode,
          requestedAtMs: Number(at(expected, 'requestDetails', 'timestampMillis')),
          requestPackage: at(expected, 'requestDetails', 'requestPackageName'),
          recognition: orNull(at(expected, 'appIntegrity', 'appRecognitionVerdict')),
          app: {
            packageName: at(expected, 'appIntegrity', 'packageName'),
            signerDigests: strings(at(expected, 'appIntegrity', 'certificateSha256Digest')),
            versionCode: String(at(expected, 'appIntegrity', 'versionCode')),
          },
          deviceLabels: strings(at(expected, 'deviceIntegrity', 'deviceRecognitionVerdict')),
          legacyDeviceLabels: strings(at(expected, 'deviceIntegrity', 'legacyDeviceRecognitionVerdict')),
          sdkVersion: orNull(at(expected, 'deviceIntegrity', 'deviceAttributes', 'sdkVersion')),
          activityLevel: orNull(
            at(expected, 'deviceIntegrity', 'recentDeviceActivity', 'deviceActivityLevel'),
          ),
          licensing: orNull(at(expected, 'accountDetails', 'appLicensingVerdict')),
          playProtect: orNull(at(expected, 'environmentDetails', 'playProtectVerdict')),
          appsDetected: orNull(at(expected, 'environmentDetails', 'appAccessRiskVerdict', 'appsDetected')),
          recall:
            recall === undefined
              ? null
              : {
                  bits: [true, false, true],
                  writtenAt: [202601, null, 202510],
                },
        },
      });
    },
  );

  it('of a decoded standard answer are the same, without a token', () => {
    const decoded = JSON.parse(readVectorFile('play', 'decoded-response-standard.json').toString('utf8'));
    const context = {
      nowMs: 1_781_524_800_000,
      request: 'standard' as const,
      clientDataHash: Buffer.from('Pj_Ps4KhtuJTCDgsEX454ndU-IFsDLzsYWe2V_L4MJI', 'base64url'),
      apps: [
        { packageName: 'com.example.app', signerDigests: ['pcynIbs92yo8VWfgARumLv1iENj-DoBX43XI4Zq5iTk'] },
      ],
      testingAllowed: false,
      maxAgeSeconds: 600,
      futureSkewSeconds: 60,
    };
    expect(verifyDecodedVerdict(decoded.tokenPayloadExternal, context)).toMatchObject({
      ok: true,
      claims: { request: 'standard', recognition: 'PLAY_RECOGNIZED', licensing: 'LICENSED' },
    });
    for (const hostile of [undefined, null, 'x', [], decoded]) {
      expect(verifyDecodedVerdict(hostile, context)).toMatchObject({ code: 'integrity_payload_malformed' });
    }
  });
});
