import { z } from 'zod';

/** The two kinds of Play Integrity requests: `classic` binds a `nonce`, `standard` a `requestHash`. */
export const INTEGRITY_REQUESTS = ['classic', 'standard'] as const;
export const integrityRequestSchema = z.enum(INTEGRITY_REQUESTS);
export type IntegrityRequest = z.infer<typeof integrityRequestSchema>;

/** Device labels, as Google spells them. They are compared exactly, each by itself: none implies another. */
export const DEVICE_LABELS = {
  basic: 'MEETS_BASIC_INTEGRITY',
  device: 'MEETS_DEVICE_INTEGRITY',
  strong: 'MEETS_STRONG_INTEGRITY',
  virtual: 'MEETS_VIRTUAL_INTEGRITY',
} as const;

export const PLAY_PROTECT_VERDICTS = [
  'NO_ISSUES',
  'NO_DATA',
  'POSSIBLE_RISK',
  'MEDIUM_RISK',
  'HIGH_RISK',
  'UNEVALUATED',
] as const;

/** What other apps may do to the screen, as app access risk spells it. `KNOWN_` ones were installed by Google Play. */
export const APP_ACCESS_RISKS = [
  'KNOWN_INSTALLED',
  'KNOWN_CAPTURING',
  'KNOWN_CONTROLLING',
  'KNOWN_OVERLAYS',
  'UNKNOWN_INSTALLED',
  'UNKNOWN_CAPTURING',
  'UNKNOWN_CONTROLLING',
  'UNKNOWN_OVERLAYS',
] as const;

const label = z.string().max(64);
const labels = z.array(label).max(32);

/**
 * What a Play Integrity verdict says, with Google's own spellings: a label that this build does not know is kept as it is
 * and satisfies nothing. `null` where Google did not evaluate it.
 */
export const integrityClaimsSchema = z.object({
  request: integrityRequestSchema,
  /** When the app asked for the verdict, in milliseconds. */
  requestedAtMs: z.number().int(),
  requestPackage: z.string(),
  /** `PLAY_RECOGNIZED`, `UNRECOGNIZED_VERSION`, `UNEVALUATED`, …; `null` where the verdict does not speak of the app. */
  recognition: label.nullable(),
  app: z
    .object({
      packageName: z.string(),
      /** SHA-256 of the signing certificates, base64url as Google gives them. */
      signerDigests: z.array(z.string()),
      versionCode: z.string().nullable(),
    })
    .nullable(),
  deviceLabels: labels,
  /** The labels by the standards of before; empty unless the app's owner opted in. */
  legacyDeviceLabels: labels,
  sdkVersion: z.number().int().nullable(),
  /** `LEVEL_1` (fewest) to `LEVEL_4`, `UNEVALUATED`. */
  activityLevel: label.nullable(),
  recall: z
    .object({
      bits: z.tuple([z.boolean(), z.boolean(), z.boolean()]),
      /** `YYYYMM` in which each was written last. */
      writtenAt: z.tuple([
        z.number().int().nullable(),
        z.number().int().nullable(),
        z.number().int().nullable(),
      ]),
    })
    .nullable(),
  licensing: label.nullable(),
  playProtect: label.nullable(),
  /** `null` where app access risk was not asked for. */
  appsDetected: labels.nullable(),
  isTestingResponse: z.boolean(),
});
export type IntegrityClaims = z.infer<typeof integrityClaimsSchema>;

/** What a policy asks of the Play Integrity verdict of an Android device. iOS passes over it. */
export const integrityRequirementsSchema = z.strictObject({
  /** The label that must be among the device's; its absence raises `integrity_verdict_low`. */
  deviceLabel: z.enum(['basic', 'device', 'strong']).nullable(),
  /**
   * Lowest Android SDK version, `integrity_verdict_low`. STRONG says something about security patches only from 33
   * (Android 13) on.
   */
  minSdkVersion: z.number().int().min(1).max(999).nullable(),
  /** Whether Google Play must recognise the app, else `app_integrity`. */
  recognized: z.boolean(),
  /** Whether the user must have got the app from Google Play, else `unofficial_store`. */
  licensed: z.boolean(),
  /** What Play Protect may say, else `malware`. `null` does not ask it. */
  playProtect: z.array(z.enum(PLAY_PROTECT_VERDICTS)).max(PLAY_PROTECT_VERDICTS.length).nullable(),
  /**
   * App access risks that are not accepted: capturing raises `screen_recording`, controlling `automation`, others
   * `malware`. An empty list does not ask.
   */
  refusedAppAccess: z.array(z.enum(APP_ACCESS_RISKS)).max(APP_ACCESS_RISKS.length),
  /** Highest level of recent activity, `integrity_verdict_low`. */
  maxActivityLevel: z.number().int().min(1).max(4).nullable(),
  /** The verdict's largest age in seconds; without one that is so young, `integrity_verdict_low`. */
  maxAgeSeconds: z.number().int().min(60).max(31_536_000),
});
export type IntegrityRequirements = z.infer<typeof integrityRequirementsSchema>;

const secret = (max: number) => z.string().trim().min(1).max(max);

/** Keys of an app as the Play Console shows them when its owner manages them. */
export const playResponseKeysSchema = z.strictObject({
  /** AES-256, base64. */
  decryptionKey: secret(64),
  /** SubjectPublicKeyInfo of a P-256 key, base64 of DER. */
  verificationKey: secret(256),
});
export type PlayResponseKeys = z.infer<typeof playResponseKeysSchema>;

/** How an app's verdicts are to be read from now on. Secrets that are left out stay as they are. */
export const integrityChangeSchema = z.strictObject({
  /** Revision of the app that the editor saw. */
  basedOn: z.number().int(),
  /** `null` looks at no token any more. */
  request: integrityRequestSchema.nullable(),
  keys: playResponseKeysSchema.optional(),
  /** The service account's key file, as Google Cloud gives it. */
  account: secret(16_384).optional(),
  /** Verdicts that Google decodes for the app's project per day. */
  dailyQuota: z.number().int().min(1).max(100_000_000),
});
export type IntegrityChange = z.infer<typeof integrityChangeSchema>;

/** What Google decodes per day unless more was agreed. */
export const DEFAULT_INTEGRITY_QUOTA = 10_000;

const at = z.iso.datetime();

/** How an app's verdicts are read, without any secret. */
export const integritySettingsSchema = z.object({
  revision: z.number().int(),
  request: integrityRequestSchema.nullable(),
  keysSetAt: at.nullable(),
  accountSetAt: at.nullable(),
  accountEmail: z.string().nullable(),
  dailyQuota: z.number().int(),
  updatedAt: at.nullable(),
  updatedByName: z.string().nullable(),
  /** Use of the quota since midnight in California, when it begins anew. */
  usage: z.object({ day: z.string(), calls: z.number().int(), exhausted: z.number().int() }),
  /** Runtime signals of the last 24 hours under names that nobody knows. */
  unknownSignals24h: z.number().int(),
  /** Change of the feed, where this is the answer to one. */
  seq: z.number().int().nullable(),
});
export type IntegritySettings = z.infer<typeof integritySettingsSchema>;
