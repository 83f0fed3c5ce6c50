import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { quarantineReachSchema } from '@/lib/contracts';
import { readQuarantineEffect } from '@/lib/policies';

export const GET = route({
  permission: 'policies.read',
  input: z.object({ id: z.uuid() }),
  output: quarantineReachSchema,
  handle: readQuarantineEffect,
});
