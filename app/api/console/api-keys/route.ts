import { route } from '@/app/api/route-handler';
import { createApiKey, listApiKeys } from '@/lib/api-keys';
import { apiKeyActSchema, apiKeyCreationSchema, apiKeyListSchema } from '@/lib/contracts';

export const GET = route({
  permission: 'api_keys.read',
  output: apiKeyListSchema,
  handle: (ctx) => listApiKeys(ctx),
});

export const POST = route({
  permission: 'api_keys.write',
  input: apiKeyCreationSchema,
  output: apiKeyActSchema,
  status: 201,
  handle: createApiKey,
});
