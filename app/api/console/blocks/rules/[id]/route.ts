import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { deleteRule, editRule } from '@/lib/blocks';
import { blockRuleDeletionSchema, blockRuleEditSchema, blockRuleViewSchema } from '@/lib/contracts';

export const PUT = route({
  permission: 'blocks.wide',
  input: blockRuleEditSchema.extend({ id: z.uuid() }),
  output: blockRuleViewSchema,
  handle: editRule,
});

export const DELETE = route({
  permission: 'blocks.wide',
  input: blockRuleDeletionSchema.extend({ id: z.uuid() }),
  output: blockRuleViewSchema,
  deletesWithBody: true,
  handle: deleteRule,
});
