import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { requestProbe } from '@/lib/certificates';
import { doneSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'certificates.write',
  input: z.object({ id: z.uuid() }),
  output: doneSchema,
  status: 202,
  handle: requestProbe,
});
