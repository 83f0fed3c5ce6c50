import { route } from '@/app/api/route-handler';
import { createBlock, listBlocks } from '@/lib/blocks';
import { blockDraftSchema, blockPageSchema, blockQuerySchema, blockViewSchema } from '@/lib/contracts';

export const GET = route({
  permission: 'devices.read',
  input: blockQuerySchema,
  output: blockPageSchema,
  handle: listBlocks,
});

export const POST = route({
  permission: 'devices.block_short',
  input: blockDraftSchema,
  output: blockViewSchema,
  status: 201,
  handle: createBlock,
});
