import { route } from '@/app/api/route-handler';
import { previewBlock } from '@/lib/blocks';
import { blockPreviewQuerySchema, blockPreviewSchema } from '@/lib/contracts';

export const GET = route({
  permission: 'devices.block_short',
  input: blockPreviewQuerySchema,
  output: blockPreviewSchema,
  handle: previewBlock,
});
