import { z } from 'zod';
import { rolloutStageSchema } from './policy-rollouts';

const at = z.iso.datetime({ offset: true });

/** How the policy of one app stands: what is in force, and what is on its way. */
export const policyStandingSchema = z.object({
  appId: z.string(),
  appName: z.string(),
  /** In force, by whom and when it was published. */
  version: z.number().int(),
  publishedBy: z.string(),
  publishedAt: at,
  draft: z
    .object({
      revision: z.number().int(),
      updatedBy: z.string(),
      updatedAt: at,
      approvedBy: z.string().nullable(),
    })
    .nullable(),
  /** The version that is being rolled out. */
  rollout: z.object({ version: z.number().int(), stage: rolloutStageSchema }).nullable(),
  /** Quarantines of signals that are in force. */
  quarantines: z.number().int(),
  needsApproval: z.boolean(),
});
export type PolicyStandingView = z.infer<typeof policyStandingSchema>;
/** The policies of all apps that the reader may see, by name of the app. */
export const policyStandingsSchema = z.object({ apps: z.array(policyStandingSchema) });
export type PolicyStandings = z.infer<typeof policyStandingsSchema>;
