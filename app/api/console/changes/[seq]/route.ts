import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { viewPropagation } from '@/lib/changes';
import { propagationSchema } from '@/lib/contracts';

export const GET = route({
  permission: 'nodes.read',
  input: z.object({ seq: z.coerce.number().int().min(1) }),
  output: propagationSchema,
  handle: viewPropagation,
});
