import { route } from '@/app/api/route-handler';
import { readApiKey } from '@/lib/api-keys';
import { apiKeyDetailSchema, apiKeyIdSchema } from '@/lib/contracts';

export const GET = route({
  permission: 'api_keys.read',
  input: apiKeyIdSchema,
  output: apiKeyDetailSchema,
  handle: readApiKey,
});
