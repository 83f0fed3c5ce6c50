import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { stepRotation } from '@/lib/certificates';
import { rotationActSchema, rotationStepSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'certificates.write',
  input: rotationStepSchema.extend({ id: z.uuid() }),
  output: rotationActSchema,
  handle: stepRotation,
});
