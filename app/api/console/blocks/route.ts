import { route } from '@/app/api/route-handler';
import { blockInstance } from '@/lib/blocks';
import { blockRequestSchema, blockViewSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'devices.block_short',
  input: blockRequestSchema,
  output: blockViewSchema,
  status: 201,
  handle: blockInstance,
});
