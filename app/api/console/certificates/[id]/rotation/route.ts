import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { startRotation } from '@/lib/certificates';
import { rotationActSchema, rotationStartSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'certificates.write',
  input: rotationStartSchema.extend({ id: z.uuid() }),
  output: rotationActSchema,
  status: 201,
  handle: startRotation,
});
