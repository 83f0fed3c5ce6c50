import { z } from 'zod';
import { route } from '@/app/api/route-handler';
import { deviceErasedSchema, deviceErasureSchema, deviceSchema } from '@/lib/contracts';
import { eraseDevice, readDevice } from '@/lib/devices';

export const GET = route({
  permission: 'devices.read',
  input: z.object({ id: z.uuid() }),
  output: deviceSchema,
  handle: readDevice,
});

export const DELETE = route({
  permission: 'devices.erase',
  input: deviceErasureSchema.extend({ id: z.uuid() }),
  deletesWithBody: true,
  output: deviceErasedSchema,
  handle: eraseDevice,
});
