import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { listOwnSessions, revokeOtherSessions } from '@/lib/auth';
import { sessionListSchema } from '@/lib/contracts';

export const GET = route({ permission: 'signed_in', output: sessionListSchema, handle: listOwnSessions });

export const DELETE = route({
  permission: 'signed_in',
  output: z.object({ revoked: z.number().int() }),
  handle: revokeOtherSessions,
});
