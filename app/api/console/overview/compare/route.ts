import { route } from '@/app/api/route-handler';
import { comparisonQuerySchema, comparisonSchema } from '@/lib/contracts';
import { readComparison } from '@/lib/telemetry/queries';

export const GET = route({
  permission: 'telemetry.read',
  input: comparisonQuerySchema,
  output: comparisonSchema,
  handle: readComparison,
});
