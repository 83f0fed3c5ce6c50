import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { bulkCountSchema, bulkQuerySchema } from '@/lib/contracts';
import { countBulk } from '@/lib/devices';

export const POST = route({
  permission: 'devices.block',
  input: z.strictObject({ query: bulkQuerySchema }),
  output: bulkCountSchema,
  handle: countBulk,
});
