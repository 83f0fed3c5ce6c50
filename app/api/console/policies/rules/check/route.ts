import { route } from '@/app/api/route-handler';
import { ruleCheckRequestSchema, ruleCheckSchema } from '@/lib/contracts';
import { checkPolicyRule } from '@/lib/policies';

export const POST = route({
  permission: 'policies.read',
  input: ruleCheckRequestSchema,
  output: ruleCheckSchema,
  handle: checkPolicyRule,
});
