import { route } from '@/app/api/route-handler';
import { facetCountsSchema, telemetryFilterSchema } from '@/lib/contracts';
import { listFacets } from '@/lib/telemetry/queries';

export const GET = route({
  permission: 'telemetry.read',
  input: telemetryFilterSchema,
  output: facetCountsSchema,
  handle: listFacets,
});
