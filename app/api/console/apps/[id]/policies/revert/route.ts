import { route } from '@/app/api/route-handler';
import { policyRevertedSchema, policyRevertSchema } from '@/lib/contracts';
import { revertPolicy } from '@/lib/policies';

export const POST = route({
  permission: 'policies.write',
  input: policyRevertSchema,
  output: policyRevertedSchema,
  handle: revertPolicy,
});
