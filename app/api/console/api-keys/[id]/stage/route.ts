import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { stageApiKey } from '@/lib/api-keys';
import { apiKeyActSchema, apiKeyStagingSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'api_keys.rotate',
  input: apiKeyStagingSchema.extend({ id: z.uuid() }),
  output: apiKeyActSchema,
  handle: stageApiKey,
});
