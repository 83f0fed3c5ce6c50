import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { revokeOwnSession } from '@/lib/auth';
import { doneSchema } from '@/lib/contracts';

export const DELETE = route({
  permission: 'signed_in',
  input: z.object({ id: z.uuid() }),
  output: doneSchema,
  handle: revokeOwnSession,
});
