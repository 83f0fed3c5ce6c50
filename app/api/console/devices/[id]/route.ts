import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { deviceSchema } from '@/lib/contracts';
import { readDevice } from '@/lib/devices';

export const GET = route({
  permission: 'devices.read',
  input: z.object({ id: z.uuid() }),
  output: deviceSchema,
  handle: readDevice,
});
