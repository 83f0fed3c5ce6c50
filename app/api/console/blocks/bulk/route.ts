import { route } from '@/app/api/route-handler';
import { blockBatchSchema, bulkBlockSchema } from '@/lib/contracts';
import { beginBulk } from '@/lib/devices';

export const POST = route({
  permission: 'devices.block',
  input: bulkBlockSchema,
  output: blockBatchSchema,
  status: 201,
  handle: beginBulk,
});
