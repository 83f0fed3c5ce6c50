import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { stepBatch } from '@/lib/blocks';
import { blockBatchSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'devices.block',
  input: z.object({ id: z.uuid() }),
  output: blockBatchSchema,
  handle: stepBatch,
});
