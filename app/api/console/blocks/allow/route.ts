import { route } from '@/app/api/route-handler';
import { allow } from '@/lib/blocks';
import { allowDraftSchema, blockViewSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'blocks.allow',
  input: allowDraftSchema,
  output: blockViewSchema,
  status: 201,
  handle: allow,
});
