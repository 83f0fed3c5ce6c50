import { route } from '@/app/api/route-handler';
import { importBlocks } from '@/lib/blocks';
import { blockImportedSchema, blockImportSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'blocks.wide',
  input: blockImportSchema,
  output: blockImportedSchema,
  status: 201,
  handle: importBlocks,
});
