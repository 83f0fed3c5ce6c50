import { route } from '@/app/api/route-handler';
import { deviceFacetsQuerySchema, deviceFacetsSchema } from '@/lib/contracts';
import { countDevices } from '@/lib/devices';

export const GET = route({
  permission: 'devices.read',
  input: deviceFacetsQuerySchema,
  output: deviceFacetsSchema,
  handle: countDevices,
});
