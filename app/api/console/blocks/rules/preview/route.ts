import { route } from '@/app/api/route-handler';
import { previewRule } from '@/lib/blocks';
import { blockRulePreviewRequestSchema, blockRulePreviewSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'blocks.wide',
  input: blockRulePreviewRequestSchema,
  output: blockRulePreviewSchema,
  handle: previewRule,
});
