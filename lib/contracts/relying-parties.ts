import { z } from 'zod';
import { appIdSchema } from './protocol';
import { reasonSchema } from './reason';

/* Relying parties that verify tokens themselves and follow the revocation feed under a name of their own. */

const at = z.iso.datetime({ offset: true });

/** What an admin enters: who it is, and which protected API it stands before. */
export const relyingPartyDraftSchema = z.strictObject({
  name: z.string().trim().min(2, 'is needed').max(80),
  apiId: appIdSchema,
});
export type RelyingPartyDraft = z.infer<typeof relyingPartyDraftSchema>;

/** The credential is in no other answer: it is shown once. */
export const relyingPartyMadeSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  apiId: z.string(),
  credential: z.string(),
  seq: z.number().int(),
});
export type RelyingPartyMade = z.infer<typeof relyingPartyMadeSchema>;

export const relyingPartyRemovalSchema = z.strictObject({ reason: reasonSchema });
export const relyingPartyRemovedSchema = z.object({ id: z.uuid(), seq: z.number().int() });
export type RelyingPartyRemoved = z.infer<typeof relyingPartyRemovedSchema>;

/** A relying party with its processes, the one heard of last first. */
export const relyingPartyViewSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  apiId: z.string(),
  createdAt: at,
  createdByName: z.string(),
  replicas: z.array(
    z.object({
      replica: z.string(),
      lastSeenAt: at,
      alive: z.boolean(),
      /** Whether it has applied the newest list. */
      current: z.boolean(),
    }),
  ),
});
export type RelyingPartyView = z.infer<typeof relyingPartyViewSchema>;

export const relyingPartiesSchema = z.object({
  relyingParties: z.array(relyingPartyViewSchema),
  /** APIs that a new one may stand before. */
  apis: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type RelyingParties = z.infer<typeof relyingPartiesSchema>;

/** How far one process of a relying party got with one change. */
export const partyProgressSchema = z.object({
  partyId: z.uuid(),
  name: z.string(),
  /** `null` for a relying party that was never heard of. */
  replica: z.string().nullable(),
  state: z.enum(['applied', 'pending', 'away']),
  /** Milliseconds from the commit to its acknowledgement; `null` where that was not measured. */
  latencyMs: z.number().nullable(),
  lastSeenAt: at.nullable(),
});
export type PartyProgress = z.infer<typeof partyProgressSchema>;

/** How far a change got with relying parties that verify locally. */
export const partiesProgressSchema = z.object({
  /** Whether the revocation feed tells of it. Of anything else they hear when a token has run out. */
  told: z.boolean(),
  applied: z.number().int(),
  /** Those that may still let something through by what they knew. */
  due: z.number().int(),
  /** Those that were not heard of for so long that their list is stale, by their own word or never. */
  away: z.number().int(),
  slowestMs: z.number().nullable(),
  /** Laggards first; not all of them where there are many. */
  listed: z.array(partyProgressSchema),
});
export type PartiesProgress = z.infer<typeof partiesProgressSchema>;
