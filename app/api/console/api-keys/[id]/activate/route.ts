import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { activateApiKey } from '@/lib/api-keys';
import { apiKeyActivationSchema, apiKeyActSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'api_keys.rotate',
  input: apiKeyActivationSchema.extend({ id: z.uuid() }),
  output: apiKeyActSchema,
  handle: activateApiKey,
});
