import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { appIdSchema, policyEditorSchema } from '@/lib/contracts';
import { readPolicyEditor } from '@/lib/policies';

export const GET = route({
  permission: 'policies.read',
  input: z.object({ id: appIdSchema }),
  output: policyEditorSchema,
  handle: readPolicyEditor,
});
