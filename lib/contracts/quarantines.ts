import { z } from 'zod';
import { conditionSchema } from './policy-conditions';
import { appIdSchema } from './protocol';
import { reasonSchema } from './reason';
import { threatIdSchema } from './threats';
import { verdictSchema } from './verdict';

/* Quarantine of a signal: one threat of one app is only observed, for some devices and for some time. */

const at = z.iso.datetime({ offset: true });

/** Demotes a threat to `observe` where `when` holds, from now on and until it ends by itself. */
export const quarantineDraftSchema = z.strictObject({
  appId: appIdSchema,
  threat: threatIdSchema,
  /** Platform, OS range, app-version range or model: what misfires is never everything. */
  when: conditionSchema,
  reason: reasonSchema,
  /** From a minute to 30 days. */
  durationSeconds: z.number().int().min(60).max(2_592_000),
});
export type QuarantineDraft = z.infer<typeof quarantineDraftSchema>;

export const quarantineSchema = z.object({
  id: z.uuid(),
  appId: z.string(),
  appName: z.string(),
  threat: z.string(),
  when: conditionSchema,
  /** The same for people: `iOS, OS from 26.6 to below 26.7`. */
  whenWords: z.string(),
  reason: z.string(),
  createdByName: z.string(),
  createdAt: at,
  expiresAt: at,
  active: z.boolean(),
  endedAt: at.nullable(),
  endedByName: z.string().nullable(),
  endReason: z.string().nullable(),
  /** Change of the feed, by which its enforcement is proved. */
  seq: z.number().int(),
  endSeq: z.number().int().nullable(),
});
export type Quarantine = z.infer<typeof quarantineSchema>;

/** Quarantines of the apps that the reader may see, newest first, at most 200. */
export const quarantineQuerySchema = z.object({
  app: z.array(z.string().max(128)).max(50).default([]),
  state: z.enum(['active', 'all']).default('active'),
});
export type QuarantineQuery = z.infer<typeof quarantineQuerySchema>;
export const quarantinesSchema = z.object({ quarantines: z.array(quarantineSchema) });
export const quarantineEndSchema = z.strictObject({ id: z.uuid(), reason: reasonSchema });
export type QuarantineEnd = z.infer<typeof quarantineEndSchema>;

/** Asks what a quarantine would meet, before it is made. */
export const quarantinePreviewSchema = z.strictObject({
  appId: appIdSchema,
  threat: threatIdSchema,
  when: conditionSchema,
});
export type QuarantinePreview = z.infer<typeof quarantinePreviewSchema>;

/** Attestations of the app in which the signal was found: of the last hour, or since the quarantine began, at most 100,000. */
export const quarantineReachSchema = z.object({
  since: at,
  /** All that were looked at. */
  attestations: z.number().int(),
  /** Those in which the signal was found, where the condition holds, and the devices that they are of. */
  found: z.object({ attestations: z.number().int(), devices: z.number().int() }),
  /** Of these, by verdict, those that the signal itself decided. */
  decided: z.partialRecord(verdictSchema, z.number().int()),
  /** The signal was found, but the condition does not hold: nothing changes for these. */
  elsewhere: z.number().int(),
});
export type QuarantineReach = z.infer<typeof quarantineReachSchema>;

/** As nodes obey it. The times bound it exactly, whatever a node hears and when. */
export const quarantineSnapshotSchema = z.object({
  id: z.uuid(),
  threat: z.string(),
  when: conditionSchema,
  fromMs: z.number(),
  /** When it ends by itself, or was ended. */
  toMs: z.number(),
});
export type QuarantineSnapshot = z.infer<typeof quarantineSnapshotSchema>;
