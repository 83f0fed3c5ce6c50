import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { rolloutShadowSchema } from '@/lib/contracts';
import { readRolloutShadow } from '@/lib/policies';

export const GET = route({
  permission: 'policies.read',
  input: z.object({ id: z.uuid() }),
  output: rolloutShadowSchema,
  handle: readRolloutShadow,
});
