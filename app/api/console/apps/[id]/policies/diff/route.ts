import { route } from '@/app/api/route-handler';
import { policyDiffRequestSchema, policyDiffSchema } from '@/lib/contracts';
import { comparePolicies } from '@/lib/policies';

export const POST = route({
  permission: 'policies.read',
  input: policyDiffRequestSchema,
  output: policyDiffSchema,
  handle: comparePolicies,
});
