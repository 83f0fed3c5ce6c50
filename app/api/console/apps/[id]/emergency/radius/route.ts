import { route } from '@/app/api/route-handler';
import { blastRadiusQuerySchema, blastRadiusSchema } from '@/lib/contracts';
import { readBlastRadius } from '@/lib/policies';

export const GET = route({
  permission: 'apps.read',
  input: blastRadiusQuerySchema,
  output: blastRadiusSchema,
  handle: readBlastRadius,
});
