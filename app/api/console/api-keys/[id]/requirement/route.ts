import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { requireApiKey } from '@/lib/api-keys';
import { apiKeyActSchema, apiKeyRequirementSchema } from '@/lib/contracts';

export const PUT = route({
  permission: 'api_keys.write',
  input: apiKeyRequirementSchema.extend({ id: z.uuid() }),
  output: apiKeyActSchema,
  handle: requireApiKey,
});
