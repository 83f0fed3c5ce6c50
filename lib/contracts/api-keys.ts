import { z } from 'zod';
import { apiKeyKindSchema, apiKeyStatusSchema } from './changes';
import { appIdSchema } from './protocol';
import { reasonSchema } from './reason';

/** How long a predecessor may be used after a rotation: now, 15 minutes, 1 hour, 1 day, 7 days. */
export const GRACE_SECONDS = [0, 900, 3_600, 86_400, 604_800] as const;
/** Longest value of a third party's key, in characters. */
export const MAX_API_KEY_LENGTH = 4_096;

const at = z.iso.datetime();
const count = z.number().int();

/** One version with where it is, and what it is used for. */
export const apiKeyVersionViewSchema = z.object({
  version: z.number().int(),
  /** By the time of the answer: a grace that is over is `revoked`. */
  status: apiKeyStatusSchema,
  origin: z.enum(['generated', 'entered', 'hook']),
  createdAt: at,
  createdByName: z.string(),
  activatedAt: at.nullable(),
  retiresAt: at.nullable(),
  revokedAt: at.nullable(),
  revokedWhy: z.enum(['emergency', 'retired', 'grace_over', 'discarded']).nullable(),
  /** Change whose enforcement proves its last transition. */
  seq: z.number().int(),
  /** Devices that were given this version last. */
  devices: count,
  /** Devices whose last request with the key presented this version. Nothing is known of a third party's. */
  usingDevices: count,
  requestsLastHour: count,
  requestsLastDay: count,
  /** Requests of the last day that presented it when it was revoked already: somebody still has it. */
  revokedRequestsLastDay: count,
  /** To the minute, of the last seven days. */
  lastUsedAt: at.nullable(),
  /** Whether nothing would break without it, as far as traffic tells; `null` where that is no question. */
  isSafeToRetire: z.boolean().nullable(),
  /** What became of telling the hook that it is revoked; `null` where it is not told. */
  hookRevocation: z
    .object({ done: z.boolean(), attempts: z.number().int(), lastError: z.string().nullable() })
    .nullable(),
});
export type ApiKeyVersionView = z.infer<typeof apiKeyVersionViewSchema>;

export const apiKeyRotationViewSchema = z.object({
  state: z.enum(['due', 'done', 'failed']),
  graceSeconds: z.number().int(),
  requestedAt: at,
  requestedByName: z.string(),
  attempts: z.number().int(),
  lastError: z.string().nullable(),
});

export const apiKeyViewSchema = z.object({
  id: z.uuid(),
  appId: z.string(),
  name: z.string(),
  kind: apiKeyKindSchema,
  apiIds: z.array(z.string()),
  isRequired: z.boolean(),
  hookUrl: z.string().nullable(),
  /** Counts the edits: an edit says on which one it is based. */
  revision: z.number().int(),
  createdAt: at,
  createdByName: z.string(),
  /** Devices that hold some version of it. */
  devices: count,
  /** Of those, how many have not fetched the active version yet. */
  devicesBehind: count,
  /** Requests of the last hour by the app with a good token and without the key: refused, once it is required. */
  requestsWithoutLastHour: count,
  /** Newest first. */
  versions: z.array(apiKeyVersionViewSchema),
  /** The newest rotation by the hook. */
  rotation: apiKeyRotationViewSchema.nullable(),
});
export type ApiKeyView = z.infer<typeof apiKeyViewSchema>;
export const apiKeyListSchema = z.object({ keys: z.array(apiKeyViewSchema) });

/** With devices per version over time; every series has one figure per time. */
export const apiKeyDetailSchema = apiKeyViewSchema.extend({
  adoption: z.object({
    times: z.array(at),
    delivered: z.array(z.object({ version: z.number().int(), devices: z.array(count) })),
    used: z.array(z.object({ version: z.number().int(), devices: z.array(count) })),
  }),
  /** Who presented a revoked version with a good token in the last day, by device and network, most first. */
  presenters: z.array(
    z.object({
      instanceId: z.string().nullable(),
      networkPrefix: z.string().nullable(),
      country: z.string().nullable(),
      requests: count,
      lastAt: at,
    }),
  ),
});
export type ApiKeyDetail = z.infer<typeof apiKeyDetailSchema>;

const reason = reasonSchema;
/** The value of a key, or a secret, as it is entered or returned. */
export const apiKeySecretSchema = z
  .string()
  .min(8, 'is too short for a key')
  .max(MAX_API_KEY_LENGTH)
  .regex(/^\P{Cc}+$/u, 'must not hold control characters')
  .refine((text) => text.trim() === text, 'must not begin or end with a space');
const version = z.number().int().min(1);
const graceSeconds = z.union(GRACE_SECONDS.map((seconds) => z.literal(seconds)));

/** Where new values come from: an HTTPS endpoint of the customer's, and the secret that signs what it is asked. */
export const apiKeyHookSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).max(2_000),
  secret: apiKeySecretSchema.min(32, 'must have at least 32 characters'),
});

/** A new API key, active from now on. A managed one is made here; a third party's is entered. */
export const apiKeyCreationSchema = z
  .strictObject({
    appId: appIdSchema,
    name: appIdSchema,
    kind: apiKeyKindSchema,
    apiIds: z.array(appIdSchema).max(20).default([]),
    value: apiKeySecretSchema.optional(),
    hook: apiKeyHookSchema.optional(),
  })
  .superRefine((key, context) => {
    const complain = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (key.kind === 'managed') {
      if (key.apiIds.length === 0) complain('apiIds', 'choose at least one API that checks it');
      if (key.value !== undefined) complain('value', 'is made here for a managed key');
      if (key.hook !== undefined) complain('hook', "is for a third party's key");
    } else {
      if (key.value === undefined) complain('value', 'is needed');
      if (key.apiIds.length > 0) complain('apiIds', 'is for a managed key: nobody here checks this one');
    }
  });
export type ApiKeyCreation = z.infer<typeof apiKeyCreationSchema>;

/** What of a key can be edited. `basedOn` is the revision that the editor saw. */
export const apiKeyEditSchema = z.strictObject({
  basedOn: z.number().int().min(1),
  /** Of a managed key: the APIs that check it. */
  apiIds: z.array(appIdSchema).max(20).optional(),
  /** Of a third party's: `null` for none. Without a secret, the present one stays, and so does the address. */
  hook: apiKeyHookSchema.partial({ secret: true }).nullable().optional(),
  reason,
});

/** Whether the APIs of a managed key refuse requests without it. */
export const apiKeyRequirementSchema = z.strictObject({ isRequired: z.boolean(), reason });
/** A new version, given out from now on; its predecessor may be used for `graceSeconds` more. */
export const apiKeyRotationRequestSchema = z.strictObject({
  /** The active version that the person saw; `null` where there was none. */
  fromVersion: version.nullable(),
  graceSeconds,
  /** A third party's new value; absent for a managed key, or where the hook is to be asked. */
  value: apiKeySecretSchema.optional(),
  reason,
});
/** A new version that is not given out yet. */
export const apiKeyStagingSchema = z.strictObject({ value: apiKeySecretSchema.optional() });
/** The staged version becomes the active one. */
export const apiKeyActivationSchema = z.strictObject({ version, graceSeconds, reason });
/** The end of a version that was staged or is retiring. */
export const apiKeyRetirementSchema = z.strictObject({
  version,
  reason,
  /** Retire it although it is still used. */
  override: z.boolean().default(false),
});
/** The immediate end of a version, whatever uses it. */
export const apiKeyRevocationSchema = z.strictObject({
  version,
  reason,
  /** The successor's value for a third party's key; without it, and without a staged one, there is no successor. */
  value: apiKeySecretSchema.optional(),
});

const withId = { id: z.uuid() };
export const apiKeyIdSchema = z.object(withId);
export type ApiKeyEdit = z.infer<typeof apiKeyEditSchema> & { id: string };
export type ApiKeyRequirement = z.infer<typeof apiKeyRequirementSchema> & { id: string };
export type ApiKeyRotationRequest = z.infer<typeof apiKeyRotationRequestSchema> & { id: string };
export type ApiKeyStaging = z.infer<typeof apiKeyStagingSchema> & { id: string };
export type ApiKeyActivation = z.infer<typeof apiKeyActivationSchema> & { id: string };
export type ApiKeyRetirement = z.infer<typeof apiKeyRetirementSchema> & { id: string };
export type ApiKeyRevocation = z.infer<typeof apiKeyRevocationSchema> & { id: string };

/** What an act did: the key as it is now, and the change whose enforcement can be watched. */
export const apiKeyActSchema = z.object({
  key: apiKeyViewSchema,
  /** `null` where the hook has to answer first. */
  seq: z.number().int().nullable(),
});
export type ApiKeyAct = z.infer<typeof apiKeyActSchema>;
