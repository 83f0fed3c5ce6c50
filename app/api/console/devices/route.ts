import { route } from '@/app/api/route-handler';
import { devicePageSchema, deviceQuerySchema } from '@/lib/contracts';
import { listDevices } from '@/lib/devices';

export const GET = route({
  permission: 'devices.read',
  input: deviceQuerySchema,
  output: devicePageSchema,
  handle: listDevices,
});
