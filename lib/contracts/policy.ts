import { z } from 'zod';
import { securityLevelSchema } from './evidence';
import { integrityRequirementsSchema } from './integrity';
import { threatIdSchema } from './threats';
import { responseSchema } from './verdict';

/** Newest policy schema that this build understands. */
export const POLICY_SCHEMA_VERSION = 1;

/** Longest lifetime of a token, in seconds. */
export const MAX_TOKEN_TTL_SECONDS = 3_600;

/**
 * When evidence is good enough. A requirement that is not met raises the threat named beside it; the policy's
 * `threats` table then says what follows.
 */
export const policyRequirementsSchema = z.strictObject({
  /** `production` raises `development_environment` for Apple's development environment and for `dev` evidence. */
  environment: z.enum(['production', 'any']),
  /** Weakest security level that does not raise `software_attestation`. iOS is always above `tee`. */
  securityLevel: securityLevelSchema,
  /** Whether an unlocked bootloader (`bootloader_unlocked`) or a boot state other than Verified (`verified_boot_failed`) is raised. */
  verifiedBoot: z.boolean(),
  /** OS security patches older than this many days raise `patch_level_stale`; `null` never does. */
  maxPatchAgeDays: z.number().int().min(1).max(3650).nullable(),
  /** Hardware evidence older than this many seconds raises `evidence_stale`; `null` never does. */
  maxEvidenceAgeSeconds: z.number().int().min(60).max(31_536_000).nullable(),
  /** Whether an app version that is not registered, or was withdrawn, raises `app_version_unknown`. */
  registeredVersion: z.boolean(),
  /** What the Play Integrity verdict of an Android device must say; absent or `null` asks for none. */
  integrity: integrityRequirementsSchema.nullable().optional(),
});
export type PolicyRequirements = z.infer<typeof policyRequirementsSchema>;

/** A per-app threat policy. Published versions are immutable. */
export const policySchema = z.strictObject({
  schema: z.literal(POLICY_SCHEMA_VERSION),
  /** Response per threat; a threat that is not listed is observed. */
  threats: z.record(threatIdSchema, responseSchema),
  requirements: policyRequirementsSchema,
  /**
   * What a relying party is told (`ann` in the token) when a threat is found and not ignored. The app can read its
   * token, so that an annotation also tells the app that it was found out.
   */
  annotations: z
    .record(
      threatIdSchema,
      z.string().regex(/^[a-z0-9][a-z0-9._-]{0,31}$/, 'must be 1 to 32 of a-z 0-9 . _ -'),
    )
    .optional(),
  /** Lifetime of tokens, 60 to 3600 seconds. */
  tokenTtlSeconds: z.number().int().min(60).max(MAX_TOKEN_TTL_SECONDS),
});
export type Policy = z.infer<typeof policySchema>;

export const POLICY_TEMPLATES = ['permissive', 'balanced', 'strict'] as const;
export const policyTemplateSchema = z.enum(POLICY_TEMPLATES);
export type PolicyTemplate = z.infer<typeof policyTemplateSchema>;
