import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { readBatch } from '@/lib/blocks';
import { blockBatchSchema } from '@/lib/contracts';

export const GET = route({
  permission: 'devices.read',
  input: z.object({ id: z.uuid() }),
  output: blockBatchSchema,
  handle: readBatch,
});
