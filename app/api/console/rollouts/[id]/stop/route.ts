import { route } from '@/app/api/route-handler';
import { rolloutSchema, rolloutStopSchema } from '@/lib/contracts';
import { stopRollout } from '@/lib/policies';

export const POST = route({
  permission: 'policies.write',
  input: rolloutStopSchema,
  output: rolloutSchema,
  handle: stopRollout,
});
