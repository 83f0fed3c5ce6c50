import { route } from '@/app/api/route-handler';
import { telemetryFilterSchema, verdictSeriesSchema } from '@/lib/contracts';
import { readHistogram } from '@/lib/telemetry/queries';

export const GET = route({
  permission: 'telemetry.read',
  input: telemetryFilterSchema,
  output: verdictSeriesSchema,
  handle: readHistogram,
});
