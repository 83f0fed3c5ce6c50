import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { retireApiKeyVersion } from '@/lib/api-keys';
import { apiKeyActSchema, apiKeyRetirementSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'api_keys.rotate',
  input: apiKeyRetirementSchema.extend({ id: z.uuid() }),
  output: apiKeyActSchema,
  handle: retireApiKeyVersion,
});
