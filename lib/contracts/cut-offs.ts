import { z } from 'zod';
import { cutOffScopeSchema } from './changes';
import { reasonSchema } from './reason';

const at = z.iso.datetime({ offset: true });

/** Target of every cut-off for the whole organisation. */
export const ORGANISATION_TARGET = 'default';

const target = z.string().trim().min(1).max(128).default(ORGANISATION_TARGET);

/** What a responder decides: whose tokens, issued before when, and why. */
export const cutOffRequestSchema = z.strictObject({
  scope: cutOffScopeSchema,
  target,
  /** `null` for now. Never in the future: that would refuse tokens that are yet to be issued. */
  notBefore: at.nullable(),
  reason: reasonSchema,
});
export type CutOffRequest = z.infer<typeof cutOffRequestSchema>;

/** Of whom cut-offs are asked, and of which moment the blast radius; absent: now. */
export const cutOffQuerySchema = z.object({ scope: cutOffScopeSchema, target, notBefore: at.optional() });
export type CutOffQuery = z.infer<typeof cutOffQuerySchema>;

export const cutOffViewSchema = z.object({
  id: z.uuid(),
  scope: cutOffScopeSchema,
  target: z.string(),
  appId: z.string().nullable(),
  notBefore: at,
  reason: z.string(),
  createdByName: z.string(),
  createdAt: at,
  seq: z.number().int(),
});
export type CutOffView = z.infer<typeof cutOffViewSchema>;

/** The cut-offs of one target, the latest first, and what another one would hit. */
export const cutOffsSchema = z.object({
  cutOffs: z.array(cutOffViewSchema),
  /** Devices that hold a token which was issued before the moment asked for, and is good until it expires. */
  devices: z.number().int(),
});
export type CutOffs = z.infer<typeof cutOffsSchema>;
