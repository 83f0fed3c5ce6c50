import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { readOrigin, removeOrigin } from '@/lib/certificates';
import { originDetailSchema, originRemovalSchema, pinActSchema } from '@/lib/contracts';

export const GET = route({
  permission: 'certificates.read',
  input: z.object({ id: z.uuid() }),
  output: originDetailSchema,
  handle: readOrigin,
});

export const DELETE = route({
  permission: 'certificates.write',
  input: originRemovalSchema.extend({ id: z.uuid() }),
  output: pinActSchema,
  deletesWithBody: true,
  handle: removeOrigin,
});
