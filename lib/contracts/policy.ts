import { z } from 'zod';
import { securityLevelSchema } from './evidence';
import { integrityRequirementsSchema } from './integrity';
import { conditionalResponseSchema, versionBoundSchema, versionRangeSchema } from './policy-conditions';
import { MAX_RULES, policyRuleSchema } from './policy-rules';
import { RULED_THREATS, threatIdSchema } from './threats';
import { responseSchema } from './verdict';

/** Newest policy schema that this build understands. */
export const POLICY_SCHEMA_VERSION = 2;
/** The oldest; a policy of it has none of the members that came later. */
const FIRST_POLICY_SCHEMA_VERSION = 1;

/** Longest lifetime of a token, in seconds. */
export const MAX_TOKEN_TTL_SECONDS = 3_600;

/** Which versions of an app may be used; a version in no allowed range, or a withdrawn one, raises the threat. */
const allowedVersionsSchema = z.strictObject({
  /** Absent: every version. */
  allowed: z.array(versionRangeSchema).min(1).max(20).optional(),
  withdrawn: z.array(versionBoundSchema).max(100).optional(),
});

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
  /**
   * More keys than this, attested on one device within 30 days by Apple's count, raise `device_binding`: one device may be
   * attesting for others. `null`, and a policy that does not say, never does; nor does a device whose count is not known.
   */
  maxAttestedKeys: z.number().int().min(1).max(1_000_000).nullable().optional(),
  /** Whether an app version that is not registered, or was withdrawn, raises `app_version_unknown`. */
  registeredVersion: z.boolean(),
  /** What the Play Integrity verdict of an Android device must say; absent or `null` asks for none. */
  integrity: integrityRequirementsSchema.nullable().optional(),
  /** An OS older than this raises `os_version_unsupported`, as does one that is not readable. */
  minOsVersion: z
    .strictObject({ ios: versionBoundSchema.optional(), android: versionBoundSchema.optional() })
    .optional(),
  /** App versions of each platform that do not raise `app_version_unsupported`. */
  appVersions: z
    .strictObject({ ios: allowedVersionsSchema.optional(), android: allowedVersionsSchema.optional() })
    .optional(),
});
export type PolicyRequirements = z.infer<typeof policyRequirementsSchema>;

const annotationSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,31}$/, 'must be 1 to 32 of a-z 0-9 . _ -');
const tokenTtlSchema = z.number().int().min(60).max(MAX_TOKEN_TTL_SECONDS);

const outcome = {
  /** Lifetime of the tokens of this outcome; absent: the policy's. */
  tokenTtlSeconds: tokenTtlSchema.optional(),
  /** Written into every token of this outcome, before those of the threats. */
  annotations: z.array(annotationSchema).max(8).optional(),
};
const outcomesSchema = z.strictObject({
  trusted: z.strictObject(outcome).optional(),
  flagged: z.strictObject(outcome).optional(),
  restricted: z
    .strictObject({
      ...outcome,
      /** API keys, by name, that a restricted app is not given; absent: `all`. */
      withholdsApiKeys: z.union([z.literal('all'), z.array(z.string().min(1).max(64)).max(100)]).optional(),
    })
    .optional(),
});
export type PolicyOutcomes = z.infer<typeof outcomesSchema>;

/** Threats whose response a policy chooses in `threats`: all but those that its rules speak of. */
const chosenThreatSchema = threatIdSchema.refine(
  (id) => !RULED_THREATS.some((ruled) => ruled === id),
  'has no response of its own',
);

/** Members that policies of the first schema do not have. */
const LATER_MEMBERS = ['conditions', 'rules', 'outcomes'] as const;
const LATER_REQUIREMENTS = ['minOsVersion', 'appVersions', 'integrity'] as const;

/**
 * A per-app threat policy. Published versions are immutable. The response to a threat is that of the conditions that
 * hold, the worst of them where several do, else that of `threats`.
 */
export const policySchema = z
  .strictObject({
    schema: z.literal([FIRST_POLICY_SCHEMA_VERSION, POLICY_SCHEMA_VERSION]),
    /** Response per threat; a threat that is not listed is observed. */
    threats: z.record(chosenThreatSchema, responseSchema),
    /** Other responses where something holds. Ids are unique. */
    conditions: z.array(conditionalResponseSchema).max(200).optional(),
    requirements: policyRequirementsSchema,
    /** Rules of the owner's own, in CEL. Ids are unique. */
    rules: z.array(policyRuleSchema).max(MAX_RULES).optional(),
    /**
     * What a relying party is told (`ann` in the token) when a threat is found and not ignored. The app can read its
     * token, so that an annotation also tells the app that it was found out.
     */
    annotations: z.record(threatIdSchema, annotationSchema).optional(),
    /** Lifetime of tokens, 60 to 3600 seconds. */
    tokenTtlSeconds: tokenTtlSchema,
    /** What differs by outcome. */
    outcomes: outcomesSchema.optional(),
  })
  .check((ctx) => {
    const { value, issues } = ctx;
    const refuse = (path: (string | number)[], message: string) =>
      issues.push({ code: 'custom', path, message, input: value });
    for (const member of ['conditions', 'rules'] as const) {
      const seen = new Set<string>();
      for (const [index, { id }] of (value[member] ?? []).entries()) {
        if (seen.has(id)) refuse([member, index, 'id'], 'is there twice');
        seen.add(id);
      }
    }
    if (value.schema !== FIRST_POLICY_SCHEMA_VERSION) return;
    for (const member of LATER_MEMBERS) {
      if (value[member] !== undefined) refuse([member], 'needs schema 2');
    }
    for (const member of LATER_REQUIREMENTS) {
      if (value.requirements[member] !== undefined) refuse(['requirements', member], 'needs schema 2');
    }
  });
export type Policy = z.infer<typeof policySchema>;

/** A policy of a newer schema, of which this build can tell only that. */
export const newerPolicySchema = z.looseObject({
  schema: z
    .number()
    .int()
    .min(POLICY_SCHEMA_VERSION + 1),
});
export type NewerPolicy = z.infer<typeof newerPolicySchema>;

export const POLICY_TEMPLATES = ['permissive', 'balanced', 'strict'] as const;
export const policyTemplateSchema = z.enum(POLICY_TEMPLATES);
export type PolicyTemplate = z.infer<typeof policyTemplateSchema>;
