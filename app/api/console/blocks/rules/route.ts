import { route } from '@/app/api/route-handler';
import { createRule, listRules } from '@/lib/blocks';
import { blockRuleDraftSchema, blockRulesSchema, blockRuleViewSchema } from '@/lib/contracts';

export const GET = route({
  permission: 'devices.read',
  output: blockRulesSchema,
  handle: listRules,
});

export const POST = route({
  permission: 'blocks.wide',
  input: blockRuleDraftSchema,
  output: blockRuleViewSchema,
  status: 201,
  handle: createRule,
});
