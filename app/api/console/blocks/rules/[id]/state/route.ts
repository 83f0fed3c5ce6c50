import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { setRuleState } from '@/lib/blocks';
import { blockRuleStateSchema, blockRuleViewSchema } from '@/lib/contracts';

export const PUT = route({
  permission: 'blocks.wide',
  input: blockRuleStateSchema.extend({ id: z.uuid() }),
  output: blockRuleViewSchema,
  handle: setRuleState,
});
