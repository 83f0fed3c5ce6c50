import { z } from 'zod';
import type { IntegrityClaims, IntegrityRequest } from '@/lib/contracts';
import { type Finding, fail, pass } from '../steps';

/** Milliseconds as Google sends them: decimal digits, in JSON a string; a whole number is tolerated. */
const timestamp = z.union([
  z
    .string()
    .regex(/^[0-9]{1,15}$/)
    .transform(Number),
  z.number().int().min(0).max(999_999_999_999_999),
]);
const text = z.string().max(1_024);
const label = z.string().max(64);
const labels = z.array(label).max(32);
const yyyymm = z.number().int().min(0).max(999_912);

/**
 * The payload of a verdict (developer.android.com/google/play/integrity/verdicts). Members that this build does not know
 * are passed over, because Google adds some; members that it knows have the documented type or refuse the token.
 */
const payloadSchema = z.object({
  requestDetails: z.object({
    requestPackageName: text,
    nonce: text.optional(),
    requestHash: text.optional(),
    timestampMillis: timestamp,
  }),
  appIntegrity: z
    .object({
      appRecognitionVerdict: label.optional(),
      packageName: text.optional(),
      certificateSha256Digest: z.array(text).max(32).optional(),
      versionCode: z
        .union([z.string().regex(/^[0-9]{1,19}$/), z.number().int().min(0).transform(String)])
        .optional(),
    })
    .optional(),
  deviceIntegrity: z
    .object({
      deviceRecognitionVerdict: labels.optional(),
      legacyDeviceRecognitionVerdict: labels.optional(),
      deviceAttributes: z.object({ sdkVersion: z.number().int().min(0).max(9_999).optional() }).optional(),
      recentDeviceActivity: z.object({ deviceActivityLevel: label.optional() }).optional(),
      deviceRecall: z
        .object({
          values: z
            .object({
              bitFirst: z.boolean().optional(),
              bitSecond: z.boolean().optional(),
              bitThird: z.boolean().optional(),
            })
            .optional(),
          writeDates: z
            .object({
              yyyymmFirst: yyyymm.optional(),
              yyyymmSecond: yyyymm.optional(),
              yyyymmThird: yyyymm.optional(),
            })
            .optional(),
        })
        .optional(),
    })
    .optional(),
  accountDetails: z.object({ appLicensingVerdict: label.optional() }).optional(),
  environmentDetails: z
    .object({
      playProtectVerdict: label.optional(),
      appAccessRiskVerdict: z.object({ appsDetected: labels.optional() }).optional(),
    })
    .optional(),
  testingDetails: z.object({ isTestingResponse: z.boolean().optional() }).optional(),
});

/** The payload of a verdict, its types checked and nothing else. */
export type PlayPayload = z.infer<typeof payloadSchema>;

/** Reads the payload by its documented types. */
export function readPayload(value: unknown): Finding<PlayPayload> {
  const parsed = payloadSchema.safeParse(value);
  if (parsed.success) return pass(parsed.data, 'The verdict has its documented members.');
  const where = parsed.error.issues[0]?.path.join('.') || 'the payload';
  return fail('integrity_payload_malformed', `The verdict is malformed at ${where.slice(0, 80)}.`);
}

/** A verdict in the appraisal's vocabulary. The payload's app is present only where `checkApp` found it to be ours. */
export function claimsOf(payload: PlayPayload, request: IntegrityRequest): IntegrityClaims {
  const { requestDetails, appIntegrity, deviceIntegrity, accountDetails, environmentDetails } = payload;
  return {
    request,
    requestedAtMs: requestDetails.timestampMillis,
    requestPackage: requestDetails.requestPackageName,
    recognition: appIntegrity?.appRecognitionVerdict ?? null,
    app:
      appIntegrity?.packageName === undefined
        ? null
        : {
            packageName: appIntegrity.packageName,
            signerDigests: appIntegrity.certificateSha256Digest ?? [],
            versionCode: appIntegrity.versionCode ?? null,
          },
    deviceLabels: deviceIntegrity?.deviceRecognitionVerdict ?? [],
    legacyDeviceLabels: deviceIntegrity?.legacyDeviceRecognitionVerdict ?? [],
    sdkVersion: deviceIntegrity?.deviceAttributes?.sdkVersion ?? null,
    activityLevel: deviceIntegrity?.recentDeviceActivity?.deviceActivityLevel ?? null,
    recall: recallOf(deviceIntegrity?.deviceRecall),
    licensing: accountDetails?.appLicensingVerdict ?? null,
    playProtect: environmentDetails?.playProtectVerdict ?? null,
    appsDetected: appsDetectedOf(environmentDetails),
    isTestingResponse: payload.testingDetails?.isTestingResponse ?? false,
  };
}

/** Asked for and nothing detected is an empty list; not asked for is none. */
function appsDetectedOf(environment: PlayPayload['environmentDetails']): string[] | null {
  const verdict = environment?.appAccessRiskVerdict;
  return verdict === undefined ? null : (verdict.appsDetected ?? null);
}

type Recall = NonNullable<PlayPayload['deviceIntegrity']>['deviceRecall'];

function recallOf(recall: Recall): IntegrityClaims['recall'] {
  if (recall === undefined) return null;
  const { values, writeDates } = recall;
  return {
    bits: [values?.bitFirst ?? false, values?.bitSecond ?? false, values?.bitThird ?? false],
    writtenAt: [
      writeDates?.yyyymmFirst ?? null,
      writeDates?.yyyymmSecond ?? null,
      writeDates?.yyyymmThird ?? null,
    ],
  };
}
