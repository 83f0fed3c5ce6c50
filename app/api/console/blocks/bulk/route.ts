import { route } from '@/app/api/route-handler';
import { listUnfinished } from '@/lib/blocks';
import { blockBatchSchema, bulkBlockSchema, unfinishedBatchesSchema } from '@/lib/contracts';
import { beginBulk } from '@/lib/devices';

export const GET = route({
  permission: 'devices.read',
  output: unfinishedBatchesSchema,
  handle: listUnfinished,
});

export const POST = route({
  permission: 'devices.block',
  input: bulkBlockSchema,
  output: blockBatchSchema,
  status: 201,
  handle: beginBulk,
});
