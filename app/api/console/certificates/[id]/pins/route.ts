import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { publishPins } from '@/lib/certificates';
import { pinActSchema, pinPublicationSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'certificates.write',
  input: pinPublicationSchema.extend({ id: z.uuid() }),
  output: pinActSchema,
  status: 201,
  handle: publishPins,
});
