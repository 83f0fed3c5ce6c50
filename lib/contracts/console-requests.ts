import { z } from 'zod';
import { blockDurationSchema } from './blocks';
import { platformSchema } from './evidence';
import { incidentSchema } from './incident';
import { appIdSchema } from './protocol';
import { reasonSchema } from './reason';
import { roleGrantSchema, roleSchema } from './staff';
import { telemetryFilterSchema } from './telemetry';
import { verdictSchema } from './verdict';

/* What the routes of the console's own API take besides what the other files describe, and the small answers. */

const at = z.iso.datetime({ offset: true });
const searchText = z.string().trim().max(128).default('');
const cursor = z.string().max(256).optional();
const limit = z.coerce.number().int().min(1).max(200).default(50);

/** One page of attestations, newest first. `q` is a reference or the id of an instance. */
export const attestationQuerySchema = telemetryFilterSchema.extend({ q: searchText, cursor, limit });
export type AttestationQuery = z.infer<typeof attestationQuerySchema>;

/** Everything that the filters let through, as one file. */
export const attestationExportSchema = telemetryFilterSchema.extend({
  q: searchText,
  format: z.enum(['csv', 'ndjson']).default('csv'),
});
export type AttestationExport = z.infer<typeof attestationExportSchema>;

/** An attestation by its id or its reference. */
export const attestationLookupSchema = z.object({ id: z.string().min(1).max(64) });

/** Values of one facet; the empty string stands for an unknown one. */
const facetValues = z.array(z.string().max(128)).max(50).default([]);

/** One page of devices, last seen first. `q` is the start of an id, a reference, a network prefix or a model. */
export const deviceQuerySchema = z.object({
  q: searchText,
  app: z.array(z.string().max(128)).max(50).default([]),
  verdict: z.array(verdictSchema).max(10).default([]),
  platform: z.array(platformSchema).max(2).default([]),
  country: facetValues,
  osVersion: facetValues,
  appVersion: facetValues,
  blocked: z.enum(['true', 'false']).optional(),
  cursor,
  limit,
});
export type DeviceQuery = z.infer<typeof deviceQuerySchema>;

/** Why a device is erased, which the audit log keeps. */
export const deviceErasureSchema = z.strictObject({ reason: reasonSchema });
export type DeviceErasure = z.infer<typeof deviceErasureSchema>;

/** Why a device has to enrol anew, which the audit log keeps. */
export const reenrolmentSchema = z.strictObject({ reason: reasonSchema });

/** How many rows were erased of a device. */
export const deviceErasedSchema = z.object({
  id: z.uuid(),
  erased: z.object({
    attestations: z.number().int(),
    requests: z.number().int(),
    days: z.number().int(),
  }),
});
export type DeviceErased = z.infer<typeof deviceErasedSchema>;

/** What devices are counted under. */
export const deviceFacetsQuerySchema = deviceQuerySchema.omit({ cursor: true, limit: true });
export type DeviceFacetsQuery = z.infer<typeof deviceFacetsQuerySchema>;

const deviceBulkSource = deviceQuerySchema
  .omit({ cursor: true, limit: true })
  .extend({ source: z.literal('devices') });
const attestationBulkSource = telemetryFilterSchema.extend({
  source: z.literal('attestations'),
  q: searchText,
});
/** The devices of a query: of the Devices page, or those that made the attestations of the Attestations page. */
export const bulkQuerySchema = z.discriminatedUnion('source', [deviceBulkSource, attestationBulkSource]);
export type BulkQuery = z.infer<typeof bulkQuerySchema>;

/** How many devices a bulk block would concern. */
export const bulkCountSchema = z.object({
  /** Devices of the query, and those of them that are not blocked yet; the largest act has 100,000. */
  devices: z.number().int(),
  unblocked: z.number().int(),
});
export type BulkCount = z.infer<typeof bulkCountSchema>;

/** Blocks the devices of a query, as it stands when the act begins. */
export const bulkBlockSchema = z.strictObject({
  query: bulkQuerySchema,
  reason: reasonSchema,
  incident: incidentSchema.nullish(),
  durationSeconds: blockDurationSchema,
});
export type BulkBlock = z.infer<typeof bulkBlockSchema>;

/** One page of the audit log, newest first. */
export const auditQuerySchema = z.object({
  action: z.string().max(64).optional(),
  targetKind: z.string().max(64).optional(),
  targetId: z.string().max(128).optional(),
  app: z.array(z.string().max(128)).max(50).default([]),
  cursor,
  limit,
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

export const searchQuerySchema = z.object({ q: searchText });

/** What an admin enters to have an API protected. It starts in `observe`, so that live traffic is not cut off. */
export const apiRegistrationSchema = z.strictObject({
  id: appIdSchema,
  name: z.string().trim().min(1).max(80),
  appIds: z.array(appIdSchema).min(1, 'choose at least one app').max(50),
  mode: z.enum(['observe', 'enforce']).default('observe'),
});
export type ApiRegistration = z.infer<typeof apiRegistrationSchema>;

const email = z
  .string()
  .trim()
  .max(254)
  .transform((text) => text.toLowerCase())
  .pipe(z.email('is not an e-mail address'));
const personName = z.string().trim().min(1, 'is needed').max(80);
/** The policy for new passwords is in `lib/auth`; here only what bounds the work of hashing one. */
const password = z.string().min(1, 'is needed').max(256);

export const signInRequestSchema = z.object({ email, password });
export type SignInRequest = z.infer<typeof signInRequestSchema>;

/** The first administrator, let in by the one-time link. */
export const setupRequestSchema = z.strictObject({
  token: z.string().min(1).max(128),
  email,
  name: personName,
  password,
});
export type SetupRequest = z.infer<typeof setupRequestSchema>;

export const staffCreationSchema = z.strictObject({
  email,
  name: personName,
  password,
  role: roleSchema,
  /** `null` for the whole organisation. */
  appId: appIdSchema.nullable(),
});
export type StaffCreation = z.infer<typeof staffCreationSchema>;

/** The proof that a session is still its person's. */
export const stepUpRequestSchema = z.strictObject({ password });
export type StepUpRequest = z.infer<typeof stepUpRequestSchema>;
/** Until when it counts, in this session. */
export const stepUpSchema = z.object({ until: at });
export type StepUp = z.infer<typeof stepUpSchema>;

export const passwordChangeSchema = z.strictObject({ current: password, next: password });
export type PasswordChange = z.infer<typeof passwordChangeSchema>;

/** The signed-in person as pages know them, with the session they speak through. */
export const meSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  grants: z.array(roleGrantSchema),
  sessionId: z.uuid(),
});
export type Me = z.infer<typeof meSchema>;

export const sessionListSchema = z.object({
  sessions: z.array(
    z.object({
      id: z.uuid(),
      current: z.boolean(),
      createdAt: at,
      lastSeenAt: at,
      expiresAt: at,
      userAgent: z.string(),
    }),
  ),
});
export type SessionList = z.infer<typeof sessionListSchema>;

/** Nothing to tell but that it was done. */
export const doneSchema = z.object({ done: z.literal(true) });
