import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { editApiKey, readApiKey } from '@/lib/api-keys';
import { apiKeyActSchema, apiKeyDetailSchema, apiKeyEditSchema, apiKeyIdSchema } from '@/lib/contracts';

export const GET = route({
  permission: 'api_keys.read',
  input: apiKeyIdSchema,
  output: apiKeyDetailSchema,
  handle: readApiKey,
});

export const PUT = route({
  permission: 'api_keys.write',
  input: apiKeyEditSchema.extend({ id: z.uuid() }),
  output: apiKeyActSchema,
  handle: editApiKey,
});
