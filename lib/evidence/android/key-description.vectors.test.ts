import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeUtf8, parseCertificate } from '@/lib/crypto';
import { readPemCertificates } from '../anchors';
import { readVectorFile, readVectors, type Vector } from '../testing/vectors';
import { readApplicationId } from './application-id';
import type { AuthorizationList } from './authorization-list';
import { type KeyDescription, readKeyDescription } from './key-description';
import { ANDROID_TOLERANCE } from './tolerance';

const VECTORS = ['android/leaf-only', 'android/chains', 'android/negative'].flatMap(readVectors);

/** Statements that no schema version allows: the expectation reads what it can of them, we read nothing. */
const UNREADABLE: ReadonlySet<string> = new Set([
  'android/negative/boot-state-unknown-value',
  'android/negative/extension-critical',
  'android/negative/keydescription-9-fields',
  'android/negative/level-encoded-as-integer',
  'android/negative/level-out-of-range',
]);
/** Their first certificate is none, or has no statement. */
const WITHOUT: ReadonlySet<string> = new Set([
  'android/negative/chain-extended-for-key',
  'android/negative/extension-duplicated',
  'android/negative/extension-in-attestation-cert-only',
]);

/** Its package name is no UTF-8, which the expectation spells with replacement characters. */
const NOT_UTF8 = 'android/negative/app-id-not-utf8';

const hex = z.string().transform((base64) => Buffer.from(base64, 'base64').toString('hex'));
const ORIGINS = ['GENERATED', 'DERIVED', 'IMPORTED', 'RESERVED', 'SECURELY_IMPORTED'];
const listSchema = z.object({
  purpose: z.array(z.number()).optional(),
  algorithm: z.number().optional(),
  allApplications: z.literal(true).optional(),
  creationDateTime: z.number().optional(),
  origin: z.string().optional(),
  rootOfTrust: z
    .object({
      verifiedBootKey: hex,
      deviceLocked: z.boolean(),
      verifiedBootState: z.string(),
      verifiedBootHash: hex.optional(),
    })
    .optional(),
  osVersion: z.number().optional(),
  osPatchLevel: z.number().optional(),
  vendorPatchLevel: z.number().optional(),
  bootPatchLevel: z.number().optional(),
  attestationApplicationId: z
    .object({
      packages: z.array(z.object({ name: z.string(), version: z.number() })),
      signatureDigests: z.array(hex),
    })
    .optional(),
});
const descriptionSchema = z.object({
  attestationVersion: z.number(),
  attestationSecurityLevel: z.string(),
  keyMintSecurityLevel: z.string(),
  attestationChallengeBase64: hex,
  softwareEnforced: listSchema,
  hardwareEnforced: listSchema,
});

const LEVELS: Readonly<Record<string, string>> = {
  SOFTWARE: 'software',
  TRUSTED_ENVIRONMENT: 'tee',
  STRONG_BOX: 'strongbox',
};

function expectedList(list: z.infer<typeof listSchema>) {
  const { rootOfTrust, attestationApplicationId: id } = list;
  return {
    purposes: list.purpose ?? null,
    algorithm: list.algorithm ?? null,
    allApplications: list.allApplications ?? false,
    creationMs: list.creationDateTime ?? null,
    origin: list.origin === undefined ? null : ORIGINS.indexOf(list.origin),
    rootOfTrust:
      rootOfTrust === undefined
        ? null
        : {
            bootKey: rootOfTrust.verifiedBootKey,
            deviceLocked: rootOfTrust.deviceLocked,
            state: rootOfTrust.verifiedBootState.toLowerCase(),
            bootHash: rootOfTrust.verifiedBootHash ?? null,
          },
    osVersion: list.osVersion ?? null,
    osPatchLevel: list.osPatchLevel ?? null,
    vendorPatchLevel: list.vendorPatchLevel ?? null,
    bootPatchLevel: list.bootPatchLevel ?? null,
    application:
      id === undefined ? null : { packages: id.packages, signerDigests: id.signatureDigests.toSorted() },
  };
}

function readList({ applicationId, rootOfTrust, ...list }: AuthorizationList) {
  const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString('hex'));
  return {
    ...list,
    rootOfTrust:
      rootOfTrust === null
        ? null
        : { ...rootOfTrust, bootKey: text(rootOfTrust.bootKey), bootHash: text(rootOfTrust.bootHash) },
    application: applicationId === null ? null : (readApplicationId(applicationId) ?? 'unreadable'),
  };
}

/** What is expected of this one is the statement of its second certificate, the genuine one. */
const OF_SECOND = 'android/negative/chain-extended-with-fake-extension';

function descriptionOf(vector: Vector): KeyDescription | undefined {
  const chain = readPemCertificates(decodeUtf8(readVectorFile(vector.folder, vector.vector)) ?? '') ?? [];
  const der = chain[vector.case === OF_SECOND ? 1 : 0];
  const leaf = der === undefined ? undefined : parseCertificate(der, ANDROID_TOLERANCE);
  const finding = leaf === undefined ? undefined : readKeyDescription(leaf);
  return finding === undefined || finding.outcome === 'fail' ? undefined : finding.value;
}

describe('the statements of all vectors', () => {
  it('are all here', () => {
    expect(VECTORS).toHaveLength(87);
  });

  it.each(VECTORS.map((vector) => [vector.case, vector] as const))(
    'are read as expected: %s',
    (name, vector) => {
      const description = descriptionOf(vector);
      if (UNREADABLE.has(name) || WITHOUT.has(name)) {
        expect(description).toBeUndefined();
        return;
      }
      const expected = descriptionSchema.parse(vector.expected.keyDescription);
      expect(description).toMatchObject({
        attestationVersion: expected.attestationVersion,
        attestationSecurityLevel: LEVELS[expected.attestationSecurityLevel],
        keyMintSecurityLevel: LEVELS[expected.keyMintSecurityLevel],
        challenge: Buffer.from(expected.attestationChallengeBase64, 'hex'),
      });
      if (description === undefined) throw new Error('nothing was read');
      const software = expectedList(expected.softwareEnforced);
      expect(readList(description.softwareEnforced)).toEqual(
        name === NOT_UTF8 ? { ...software, application: 'unreadable' } : software,
      );
      expect(readList(description.hardwareEnforced)).toEqual(expectedList(expected.hardwareEnforced));
    },
  );
});
