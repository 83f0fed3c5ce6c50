import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { readRetention, setRetention } from '@/lib/apps';
import { appIdSchema, retentionChangeSchema, retentionSchema } from '@/lib/contracts';

export const GET = route({
  permission: 'apps.read',
  input: z.object({ id: appIdSchema }),
  output: retentionSchema,
  handle: readRetention,
});

export const PUT = route({
  permission: 'apps.write',
  input: retentionChangeSchema.extend({ id: appIdSchema }),
  output: retentionSchema,
  handle: setRetention,
});
