import { z } from 'zod';
import { type ChangeTopic, cutOffScopeSchema } from './changes';

/** Everything that a relying party which verifies locally has to refuse besides what has expired (PROTOCOL §3). */
export const revocationsSchema = z.object({
  /** With `seq` the position of this list: send both back to wait for the next one. */
  epoch: z.uuid(),
  seq: z.number().int(),
  /** The latest cut-off of each target: no token with an `iat` before it is good. */
  cutOffs: z.array(
    z.object({ scope: cutOffScopeSchema, target: z.string(), notBeforeSeconds: z.number().int() }),
  ),
  /** Ids of keys that vouch for nothing any more, whatever a cached JWKS says. */
  revokedKeys: z.array(z.string()),
});
export type Revocations = z.infer<typeof revocationsSchema>;

/** Changes that the list tells of: they may refuse tokens wherever these are verified. */
export const REVOKING_TOPICS: ReadonlySet<ChangeTopic> = new Set(['cut_off', 'signing_key']);

/** Name of one process of a relying party, of several that share a credential. */
export const replicaSchema = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'is 1 to 64 letters, digits, dots, hyphens and underscores');

/** Where a reader stands, and for how many seconds it waits for what comes after: less than proxies commonly allow. */
export const revocationQuerySchema = z.object({
  epoch: z.uuid().optional(),
  after: z.coerce.number().int().min(0).optional(),
  waitSeconds: z.coerce.number().int().min(0).max(25).default(0),
  replica: replicaSchema.default('main'),
});
