import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { revokeApiKeyVersion } from '@/lib/api-keys';
import { apiKeyActSchema, apiKeyRevocationSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'api_keys.rotate',
  input: apiKeyRevocationSchema.extend({ id: z.uuid() }),
  output: apiKeyActSchema,
  handle: revokeApiKeyVersion,
});
