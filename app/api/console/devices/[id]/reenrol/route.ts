import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { cutOffViewSchema, reenrolmentSchema } from '@/lib/contracts';
import { forceReenrolment } from '@/lib/devices';

export const POST = route({
  permission: 'cut_offs.write',
  input: reenrolmentSchema.extend({ id: z.uuid() }),
  output: cutOffViewSchema,
  handle: forceReenrolment,
});
