import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { liftOfRule } from '@/lib/blocks';
import { blockRuleLiftedSchema, blockRuleLiftSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'devices.unblock',
  input: blockRuleLiftSchema.extend({ id: z.uuid() }),
  output: blockRuleLiftedSchema,
  handle: liftOfRule,
});
