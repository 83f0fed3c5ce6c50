import { z } from 'zod';

export const PLATFORMS = ['ios', 'android'] as const;
export const platformSchema = z.enum(PLATFORMS);
export type Platform = z.infer<typeof platformSchema>;

/** Formats of hardware-backed evidence. `dev` is the simulator's own, for apps in a development environment. */
export const EVIDENCE_FORMATS = ['apple-app-attest', 'android-key-attestation', 'dev'] as const;
export const evidenceFormatSchema = z.enum(EVIDENCE_FORMATS);
export type EvidenceFormat = z.infer<typeof evidenceFormatSchema>;

/** Where the attested key lives, from weakest to strongest within a platform. */
export const SECURITY_LEVELS = ['software', 'tee', 'strongbox', 'secure_enclave'] as const;
export const securityLevelSchema = z.enum(SECURITY_LEVELS);
export type SecurityLevel = z.infer<typeof securityLevelSchema>;

export const CHECK_OUTCOMES = ['pass', 'warn', 'fail', 'skip'] as const;
/** One step of a verification, as the console shows it. `id` is a snake_case fact, `detail` a short sentence. */
export const checkSchema = z.object({
  id: z.string(),
  outcome: z.enum(CHECK_OUTCOMES),
  detail: z.string(),
});
export type Check = z.infer<typeof checkSchema>;

/**
 * Why a verification failed. Each maps to one threat (`threatOfEvidenceCode` in `lib/appraisal`), so that the
 * appraisal and the telemetry speak of it.
 */
export const EVIDENCE_CODES = [
  'evidence_format_unknown',
  'evidence_too_large',
  'evidence_malformed',
  'evidence_anchors_empty',
  'evidence_chain_malformed',
  'evidence_chain_length',
  'evidence_chain_untrusted',
  'evidence_chain_software_root',
  'evidence_chain_issuer_mismatch',
  'evidence_chain_issuer_not_ca',
  'evidence_chain_bad_signature',
  'evidence_certificate_expired',
  'evidence_certificate_not_yet_valid',
  'evidence_certificate_revoked',
  'evidence_revocation_unavailable',
  'evidence_extension_missing',
  'evidence_extension_misplaced',
  'evidence_extension_malformed',
  'evidence_extension_unknown_critical',
  'evidence_nonce_mismatch',
  'evidence_challenge_mismatch',
  'evidence_key_id_mismatch',
  'evidence_key_mismatch',
  'evidence_key_unsupported',
  'evidence_key_not_generated',
  'evidence_key_purpose',
  'evidence_counter_not_zero',
  'evidence_environment_mismatch',
  'evidence_security_level_inconsistent',
  'evidence_root_of_trust_missing',
  'evidence_app_mismatch',
  'evidence_stale',
  'assertion_malformed',
  'assertion_bad_signature',
  'assertion_app_mismatch',
  'assertion_counter_not_rising',
  'integrity_token_malformed',
  'integrity_token_algorithm',
  'integrity_token_undecryptable',
  'integrity_token_bad_signature',
  'integrity_token_refused',
  'integrity_payload_malformed',
  'integrity_request_mismatch',
  'integrity_stale',
  'integrity_testing_response',
  'integrity_app_mismatch',
  'receipt_malformed',
  'receipt_untrusted',
  'receipt_bad_signature',
  'receipt_app_mismatch',
  'receipt_environment_mismatch',
  'receipt_key_mismatch',
  'receipt_client_data_mismatch',
  'receipt_stale',
] as const;
export const evidenceCodeSchema = z.enum(EVIDENCE_CODES);
export type EvidenceCode = z.infer<typeof evidenceCodeSchema>;

/** Android's verified-boot facts, from the hardware-enforced list only. */
export const bootClaimsSchema = z.object({
  deviceLocked: z.boolean(),
  state: z.enum(['verified', 'self_signed', 'unverified', 'failed']),
  /** SHA-256 of the verified boot key, hex. */
  bootKey: z.string(),
  bootHash: z.string().nullable(),
});

/** What verified evidence proves, in one shape for every format; `null` where a format says nothing. */
export const evidenceClaimsSchema = z.object({
  format: evidenceFormatSchema,
  platform: platformSchema,
  /** Apple's App Attest environment; Android evidence is always `production`, `dev` always `development`. */
  environment: z.enum(['production', 'development']),
  /** SubjectPublicKeyInfo of the attested key, DER in base64url. P-256 for every key that can later assert. */
  publicKey: z.string(),
  /** SHA-256 that names the attested key, base64url: Apple's keyId, or SHA-256 of the SPKI. */
  keyId: z.string(),
  securityLevel: securityLevelSchema,
  /** Name of the pinned anchor that the chain ends at, e.g. `google-rsa4096`. */
  anchor: z.string(),
  boot: bootClaimsSchema.nullable(),
  app: z.object({
    /** `TEAMID.bundle.id` on iOS, the package name on Android. */
    id: z.string(),
    /** Version that the evidence itself states (Android version code, iOS 27 bundle version). */
    version: z.string().nullable(),
    /** SHA-256 of the signing certificates, hex, Android only. */
    signerDigests: z.array(z.string()),
  }),
  osVersion: z.string().nullable(),
  /** `YYYY-MM` or `YYYY-MM-DD`. */
  osPatchLevel: z.string().nullable(),
  vendorPatchLevel: z.string().nullable(),
  bootPatchLevel: z.string().nullable(),
  attestationVersion: z.number().int().nullable(),
  provisioning: z.enum(['factory', 'remote', 'unknown']).nullable(),
  /** Certificates issued to this device's key in the provisioning window: an abuse signal. */
  certificatesIssued: z.number().int().nullable(),
  /**
   * SHA-256 of the key that certified the attested one (its SubjectPublicKeyInfo), hex; absent where a format has none.
   * Android: of a batch of at least 100,000 devices where it was provisioned in the factory, else of this device, for as
   * long as its provisioned keys last.
   */
  attestationKey: z.string().optional(),
  /** Android: serial numbers of the chain, hex, so that a key is refused when one of them is revoked later. */
  certificateSerials: z.array(z.string()).optional(),
  /**
   * App Attest: about how many keys Apple attested on this device within 30 days, by its newest receipt; absent where no
   * receipt that holds the number has been fetched.
   */
  attestedKeys: z.number().int().optional(),
  /** iOS 27: launch validation category, e.g. `app_store`. */
  validationCategory: z.string().nullable(),
});
export type EvidenceClaims = z.infer<typeof evidenceClaimsSchema>;

/** Result of verifying evidence: a value, never an exception. `claims` of a failure are what could be read before it. */
export type Verification<Claims = EvidenceClaims> =
  | { ok: true; claims: Claims; checks: Check[] }
  | { ok: false; code: EvidenceCode; checks: Check[] };
