import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { appIdSchema, archiveChangeSchema, archiveSettingsSchema } from '@/lib/contracts';
import { readArchive, setArchive } from '@/lib/evidence-archive';

export const GET = route({
  permission: 'apps.read',
  input: z.object({ id: appIdSchema }),
  output: archiveSettingsSchema,
  handle: readArchive,
});

export const PUT = route({
  permission: 'apps.write',
  input: archiveChangeSchema.extend({ id: appIdSchema }),
  output: archiveSettingsSchema,
  handle: setArchive,
});
