import { route } from '@/app/api/route-handler';
import { latencySchema, telemetryFilterSchema } from '@/lib/contracts';
import { readLatency } from '@/lib/telemetry/queries';

export const GET = route({
  permission: 'telemetry.read',
  input: telemetryFilterSchema,
  output: latencySchema,
  handle: readLatency,
});
