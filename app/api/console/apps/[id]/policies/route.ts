import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { appIdSchema, policyVersionsSchema } from '@/lib/contracts';
import { listPolicyVersions } from '@/lib/policies';

export const GET = route({
  permission: 'policies.read',
  input: z.object({ id: appIdSchema }),
  output: policyVersionsSchema,
  handle: listPolicyVersions,
});
