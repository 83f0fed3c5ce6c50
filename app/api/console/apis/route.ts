import { route } from '@/app/api/route-handler';
import { registerApi } from '@/lib/apps';
import { apiRegisteredSchema, apiRegistrationSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'apps.write',
  input: apiRegistrationSchema,
  output: apiRegisteredSchema,
  status: 201,
  handle: registerApi,
});
