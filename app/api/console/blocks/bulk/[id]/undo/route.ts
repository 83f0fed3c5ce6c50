import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { undoBatch } from '@/lib/blocks';
import { blockBatchSchema, unblockRequestSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'devices.unblock',
  input: unblockRequestSchema.extend({ id: z.uuid() }),
  output: blockBatchSchema,
  handle: undoBatch,
});
