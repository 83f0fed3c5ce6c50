import { route } from '@/app/api/route-handler';
import { inspectPins } from '@/lib/certificates';
import { pinMaterialSchema, pinsReadSchema } from '@/lib/contracts';

export const POST = route({
  permission: 'certificates.write',
  input: pinMaterialSchema,
  output: pinsReadSchema,
  handle: inspectPins,
});
