import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { rotateApiKey } from '@/lib/api-keys';
import { apiKeyActSchema, apiKeyRotationRequestSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'api_keys.rotate',
  input: apiKeyRotationRequestSchema.extend({ id: z.uuid() }),
  output: apiKeyActSchema,
  handle: rotateApiKey,
});
