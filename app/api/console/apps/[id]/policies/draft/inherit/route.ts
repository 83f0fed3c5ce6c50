import { route } from '@/app/api/route-handler';
import { policyDraftActSchema, policyDraftSchema } from '@/lib/contracts';
import { inheritBaseline } from '@/lib/policies';

export const POST = route({
  permission: 'policies.write',
  input: policyDraftActSchema,
  output: policyDraftSchema,
  handle: inheritBaseline,
});
