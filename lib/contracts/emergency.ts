import { z } from 'zod';
import { versionBoundSchema } from './policy-conditions';
import { appIdSchema } from './protocol';
import { reasonSchema } from './reason';

/* Switches over a whole app, for when there is no time for a policy. Both ask for the password again. */

const at = z.iso.datetime({ offset: true });

/** Oldest app version of each platform that is still let in; `null`: any. What is older is rejected under every policy. */
export const minimumVersionsSchema = z.strictObject({
  ios: versionBoundSchema.nullable(),
  android: versionBoundSchema.nullable(),
});
export type MinimumVersions = z.infer<typeof minimumVersionsSchema>;

export const emergencyStateSchema = z.object({
  /** The block on the whole app; `null` while the switch is off. */
  killSwitch: z.object({ blockId: z.uuid(), reason: z.string(), by: z.string(), since: at }).nullable(),
  minimumVersions: minimumVersionsSchema,
  /** Revision of the app, for the next change. */
  revision: z.number().int(),
});
export type EmergencyState = z.infer<typeof emergencyStateSchema>;

/** What a switch would meet: asked before it is thrown. Without `ios` and `android` it is the kill switch. */
export const blastRadiusQuerySchema = z.object({
  id: appIdSchema,
  ios: versionBoundSchema.optional(),
  android: versionBoundSchema.optional(),
});
export type BlastRadiusQuery = z.infer<typeof blastRadiusQuerySchema>;
export const blastRadiusSchema = z.object({
  /** Attestations of the last 24 h that would be rejected, and all of them. */
  attestations: z.object({ affected: z.number().int(), all: z.number().int() }),
  /** Devices seen in the last 24 h. */
  devices: z.object({ affected: z.number().int(), all: z.number().int() }),
  /** App versions that it meets, most attestations first, at most 20. */
  versions: z.array(z.object({ platform: z.string(), version: z.string(), attestations: z.number().int() })),
});
export type BlastRadius = z.infer<typeof blastRadiusSchema>;

export const killSwitchSchema = z.strictObject({ id: appIdSchema, on: z.boolean(), reason: reasonSchema });
export type KillSwitch = z.infer<typeof killSwitchSchema>;
export const minimumVersionsChangeSchema = z.strictObject({
  id: appIdSchema,
  revision: z.number().int(),
  minimumVersions: minimumVersionsSchema,
  reason: reasonSchema,
});
export type MinimumVersionsChange = z.infer<typeof minimumVersionsChangeSchema>;
export const emergencyChangedSchema = emergencyStateSchema.extend({ seq: z.number().int() });
export type EmergencyChanged = z.infer<typeof emergencyChangedSchema>;
