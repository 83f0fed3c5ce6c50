import { route } from '@/app/api/route-handler';
import { overviewSchema, telemetryFilterSchema } from '@/lib/contracts';
import { readOverview } from '@/lib/telemetry/queries';

export const GET = route({
  permission: 'telemetry.read',
  input: telemetryFilterSchema,
  output: overviewSchema,
  handle: readOverview,
});
