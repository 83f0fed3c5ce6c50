import { z } from 'zod';
import { reasonSchema } from './reason';

/* For how many days an app's telemetry is kept. Days are whole UTC days, of which the present one is not counted. */

/** What is kept for a time of its own: single events, counts by the minute and by the hour, and addresses. */
export const RETENTION_FIELDS = ['eventDays', 'minuteDays', 'hourDays', 'addressDays'] as const;
const retentionFieldSchema = z.enum(RETENTION_FIELDS);
export type RetentionField = z.infer<typeof retentionFieldSchema>;
/** For how many days each is kept. */
export type RetentionDays = Readonly<Record<RetentionField, number>>;

const WHOLE = 'must be a whole number of days';
const days = z.number(WHOLE).int(WHOLE);
const daysText = z.coerce.number(WHOLE).int(WHOLE);
const basedOn = z.number().int().min(1);

/**
 * New retention of an app. `basedOn` is the app's revision that the editor saw; `reason` is needed where something is
 * kept for less long than before. How short and long each may be, the verb says.
 */
export const retentionChangeSchema = z.strictObject({
  eventDays: days,
  minuteDays: days,
  hourDays: days,
  addressDays: days,
  basedOn,
  reason: reasonSchema.nullable(),
});
export type RetentionChange = z.infer<typeof retentionChangeSchema>;

/** The same in a URL, to learn what would be deleted. */
export const retentionProposalSchema = z.strictObject({
  eventDays: daysText,
  minuteDays: daysText,
  hourDays: daysText,
  addressDays: daysText,
  basedOn: z.coerce.number().pipe(basedOn),
});
export type RetentionProposal = z.infer<typeof retentionProposalSchema>;

/** An app's retention, with what it is unless somebody changes it, and the shortest and longest that is allowed. */
export const retentionSchema = z.object({
  id: z.string(),
  revision: z.number().int(),
  fields: z.record(
    retentionFieldSchema,
    z.object({
      days: z.number().int(),
      defaultDays: z.number().int(),
      shortestDays: z.number().int(),
      longestDays: z.number().int(),
    }),
  ),
});
export type Retention = z.infer<typeof retentionSchema>;

/** What a change would delete, or forget, of what is stored now. */
export const retentionEffectSchema = z.object({
  /** What would be kept for less long, whether or not anything as old is stored. */
  lowered: z.array(retentionFieldSchema),
  /** Of what something is stored that is older: which UTC days, and how much was counted on them. */
  goes: z.array(
    z.object({
      field: retentionFieldSchema,
      firstDay: z.iso.date(),
      lastDay: z.iso.date(),
      days: z.number().int(),
      attestations: z.number().int(),
      /** At most so many: beyond a rate they were only counted. `null` where the field has none. */
      refusedRequests: z.number().int().nullable(),
    }),
  ),
});
export type RetentionEffect = z.infer<typeof retentionEffectSchema>;
