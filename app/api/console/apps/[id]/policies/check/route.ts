import { route } from '@/app/api/route-handler';
import { policyCheckRequestSchema, policyCheckSchema } from '@/lib/contracts';
import { checkPolicy } from '@/lib/policies';

export const POST = route({
  permission: 'policies.read',
  input: policyCheckRequestSchema,
  output: policyCheckSchema,
  handle: checkPolicy,
});
