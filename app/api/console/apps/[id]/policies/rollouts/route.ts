import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { appIdSchema, rolloutSchema, rolloutStartSchema, rolloutsSchema } from '@/lib/contracts';
import { readRollouts, startRollout } from '@/lib/policies';

export const GET = route({
  permission: 'policies.read',
  input: z.object({ id: appIdSchema }),
  output: rolloutsSchema,
  handle: readRollouts,
});

export const POST = route({
  permission: 'policies.write',
  input: rolloutStartSchema,
  output: rolloutSchema,
  status: 201,
  handle: startRollout,
});
