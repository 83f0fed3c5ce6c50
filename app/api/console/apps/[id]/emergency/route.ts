import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { appIdSchema, emergencyStateSchema } from '@/lib/contracts';
import { readEmergency } from '@/lib/policies';

export const GET = route({
  permission: 'apps.read',
  input: z.object({ id: appIdSchema }),
  output: emergencyStateSchema,
  handle: readEmergency,
});
