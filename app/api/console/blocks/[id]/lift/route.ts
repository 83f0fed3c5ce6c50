import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { liftBlock } from '@/lib/blocks';
import { blockViewSchema, unblockRequestSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'devices.unblock',
  input: unblockRequestSchema.extend({ id: z.uuid() }),
  output: blockViewSchema,
  handle: liftBlock,
});
