import { route } from '@/app/api/route-handler';
import { rolloutAdvanceSchema, rolloutSchema } from '@/lib/contracts';
import { advanceRollout } from '@/lib/policies';

export const POST = route({
  permission: 'policies.write',
  input: rolloutAdvanceSchema,
  output: rolloutSchema,
  handle: advanceRollout,
});
