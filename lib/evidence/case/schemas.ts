import { z } from 'zod';
import { integrityRequestSchema, PLAY_PROTECT_VERDICTS, policySchema } from '@/lib/contracts';
import { fromBase64, fromBase64Url, toBase64Url } from '@/lib/core';
import { archivedEvidenceSchema } from './archived';

const SPKI_PEM = /^-----BEGIN PUBLIC KEY-----\s([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/;

/** Test data spells base64 both ways; only the bytes matter here. */
const bytes = z.string().transform((text, context) => {
  const decoded = fromBase64(text) ?? fromBase64Url(text);
  if (decoded !== undefined) return decoded;
  context.addIssue({ code: 'custom', message: 'is not base64' });
  return z.NEVER;
});
const timeMs = z.iso.datetime().transform((text) => Date.parse(text));
/** PEM of a SubjectPublicKeyInfo, as the base64url of its DER. */
const spkiPem = z
  .string()
  .regex(SPKI_PEM)
  .transform((pem) => toBase64Url(Buffer.from(SPKI_PEM.exec(pem)?.[1] ?? '', 'base64')));
const text = z.string().min(1);

/** What every case file has, the ones without a verdict included. */
export const caseHeadSchema = z.object({
  case: text.optional(),
  kind: text,
  expected: z.object({ result: z.string().optional() }).optional(),
});

/** The rest of a case that asks for a verdict. Evidence that is part of its inputs needs no file. */
export const caseBodySchema = z.object({ vector: text.optional(), inputs: z.unknown() });

/** Archived evidence with the policy that judged it. */
export const archivedInputsSchema = z.object({ archived: archivedEvidenceSchema, policy: policySchema });

export const attestationInputsSchema = z.object({
  teamId: text,
  bundleId: text,
  keyIdBase64: bytes,
  clientDataHashBase64: bytes,
  environment: z.enum(['production', 'development']),
  verificationTime: timeMs,
});
export type AttestationInputs = z.infer<typeof attestationInputsSchema>;

export const assertionInputsSchema = z.object({
  teamId: text,
  bundleId: text,
  publicKeySpkiPem: spkiPem,
  clientDataBase64: bytes,
  clientDataHashBase64: bytes,
  previousCounter: z.number().int().min(0),
});
export type AssertionInputs = z.infer<typeof assertionInputsSchema>;

export const androidInputsSchema = z.object({
  challengeBase64: bytes,
  packageName: text,
  signatureDigestsBase64: z.array(bytes).nullish(),
  verificationTime: timeMs,
  trustAnchors: z.array(text).nullish(),
  statusList: text.nullish(),
  policy: z.object({ maxStatementAgeSeconds: z.number().int().min(0).nullish() }).nullish(),
});
export type AndroidInputs = z.infer<typeof androidInputsSchema>;

/** The keys of a Play Integrity case, as the Play Console spells them. */
export const playKeysSchema = z.object({ decryptionKeyBase64: text, verificationKeyBase64: text });

export const playInputsSchema = z.object({
  mode: integrityRequestSchema,
  keys: text,
  verificationTime: timeMs,
  expected: z.object({ nonce: text.optional(), requestHash: text.optional() }),
  policy: z.object({
    packageName: text,
    certificateSha256DigestsBase64Url: z.array(text),
    requiredDeviceLabel: text,
    requireRecognized: z.boolean(),
    requireLicensed: z.boolean(),
    allowTestingResponses: z.boolean(),
    maxAgeSeconds: z.number().int().min(0),
    futureSkewSeconds: z.number().int().min(0),
    minSdkVersion: z.number().int().optional(),
    playProtectAllowed: z.array(z.enum(PLAY_PROTECT_VERDICTS)).optional(),
    maxDeviceActivityLevel: z.number().int().optional(),
  }),
});
export type PlayInputs = z.infer<typeof playInputsSchema>;
