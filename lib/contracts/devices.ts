import { z } from 'zod';
import { blockStandingSchema, blockViewSchema } from './blocks';
import { evidenceClaimsSchema, platformSchema } from './evidence';
import { trustVectorSchema, verdictSchema } from './verdict';

/* Devices, as the console's own API gives them. */

const at = z.iso.datetime({ offset: true });

export const deviceRowSchema = z.object({
  id: z.uuid(),
  appId: z.string(),
  appName: z.string(),
  platform: platformSchema,
  format: z.string(),
  verdict: verdictSchema,
  model: z.string(),
  osVersion: z.string(),
  appVersion: z.string(),
  country: z.string().nullable(),
  networkPrefix: z.string().nullable(),
  firstSeenAt: at,
  lastSeenAt: at,
  blocked: z.boolean(),
});
export type DeviceRow = z.infer<typeof deviceRowSchema>;
export const devicePageSchema = z.object({
  rows: z.array(deviceRowSchema),
  nextCursor: z.string().nullable(),
  /** Where to look on, if not all devices were looked through but those seen last; `null` where all were. */
  further: z.string().nullable(),
});
export type DevicePage = z.infer<typeof devicePageSchema>;

/** Facets that devices can be filtered by. */
export const DEVICE_FACETS = [
  'app',
  'verdict',
  'platform',
  'country',
  'osVersion',
  'appVersion',
  'blocked',
] as const;
export type DeviceFacet = (typeof DEVICE_FACETS)[number];

/** How many devices each value of each facet has, under the search and the other facets. */
export const deviceFacetsSchema = z.object({
  facets: z.record(
    z.enum(DEVICE_FACETS),
    z.array(z.object({ value: z.string(), devices: z.number().int() })),
  ),
  /** Which devices are counted: all, so many that were seen last, or one in so many, from which the counts are estimated. */
  counted: z.discriminatedUnion('of', [
    z.object({ of: z.literal('all') }),
    z.object({ of: z.literal('last'), devices: z.number().int() }),
    z.object({ of: z.literal('sample'), oneIn: z.number() }),
  ]),
});
export type DeviceFacets = z.infer<typeof deviceFacetsSchema>;

export const timelineEntrySchema = z.object({
  at,
  kind: z.enum(['enrol', 'attest', 'block', 'unblock']),
  verdict: verdictSchema.nullable(),
  title: z.string(),
  detail: z.string().nullable(),
  eventId: z.uuid().nullable(),
  actorName: z.string().nullable(),
});

export const deviceSchema = z.object({
  device: deviceRowSchema,
  keyId: z.string(),
  counter: z.number().int(),
  evidenceAt: at,
  /** Since when its enrolment is set aside, so that its app has to enrol anew; `null` where it is not. */
  reenrolAskedAt: at.nullable(),
  vector: trustVectorSchema,
  claims: evidenceClaimsSchema,
  activeBlock: blockViewSchema.nullable(),
  /** Its own allowlist entry that is in force. */
  activeAllow: blockViewSchema.nullable(),
  /** What would be decided of its next attestation, by every block and allowlist entry that concerns it. */
  standing: blockStandingSchema,
  pastBlocks: z.array(blockViewSchema),
  timeline: z.array(timelineEntrySchema),
  /** Other instances seen from the same network prefix, newest first. */
  linked: z.array(deviceRowSchema),
});
export type DeviceView = z.infer<typeof deviceSchema>;
