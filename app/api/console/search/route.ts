import { route } from '@/app/api/route-handler';
import { searchQuerySchema, searchResultSchema } from '@/lib/contracts';
import { searchEverything } from '@/lib/devices';

export const GET = route({
  permission: 'telemetry.read',
  input: searchQuerySchema,
  output: searchResultSchema,
  handle: searchEverything,
});
