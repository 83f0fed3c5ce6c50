import { route } from '@/app/api/route-handler';
import { policyExceptionsSchema } from '@/lib/contracts';
import { readExceptions } from '@/lib/policies';

export const GET = route({
  permission: 'policies.read',
  output: policyExceptionsSchema,
  handle: readExceptions,
});
