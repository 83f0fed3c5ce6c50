import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { readApp } from '@/lib/apps';
import { appIdSchema, appViewSchema } from '@/lib/contracts';

export const GET = route({
  permission: 'apps.read',
  input: z.object({ id: appIdSchema }),
  output: appViewSchema,
  handle: readApp,
});
