import { route } from '@/app/api/route-handler';
import { changeOwnPassword } from '@/lib/auth';
import { doneSchema, passwordChangeSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'signed_in',
  input: passwordChangeSchema,
  output: doneSchema,
  handle: changeOwnPassword,
});
