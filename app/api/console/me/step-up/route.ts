import { route } from '@/app/api/route-handler';
import { stepUp } from '@/lib/auth';
import { stepUpRequestSchema, stepUpSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'signed_in',
  input: stepUpRequestSchema,
  output: stepUpSchema,
  handle: stepUp,
});
