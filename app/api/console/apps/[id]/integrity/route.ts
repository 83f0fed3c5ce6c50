import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { appIdSchema, integrityChangeSchema, integritySettingsSchema } from '@/lib/contracts';
import { readIntegrity, setIntegrity } from '@/lib/integrity';

export const GET = route({
  permission: 'apps.read',
  input: z.object({ id: appIdSchema }),
  output: integritySettingsSchema,
  handle: readIntegrity,
});

export const PUT = route({
  permission: 'apps.write',
  input: integrityChangeSchema.extend({ id: appIdSchema }),
  output: integritySettingsSchema,
  handle: setIntegrity,
});
