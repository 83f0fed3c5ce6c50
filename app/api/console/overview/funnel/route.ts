import { route } from '@/app/api/route-handler';
import { funnelSchema, telemetryFilterSchema } from '@/lib/contracts';
import { readFunnel } from '@/lib/telemetry/queries';

export const GET = route({
  permission: 'telemetry.read',
  input: telemetryFilterSchema,
  output: funnelSchema,
  handle: readFunnel,
});
