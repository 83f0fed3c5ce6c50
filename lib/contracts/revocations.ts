import { z } from 'zod';
import { cutOffScopeSchema } from './changes';

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

/** Where a reader stands, and for how many seconds it waits for what comes after: less than proxies commonly allow. */
export const revocationQuerySchema = z.object({
  epoch: z.uuid().optional(),
  after: z.coerce.number().int().min(0).optional(),
  waitSeconds: z.coerce.number().int().min(0).max(25).default(0),
});
