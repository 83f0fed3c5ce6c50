import { route } from '@/app/api/route-handler';
import { telemetryFilterSchema, whatChangedSchema } from '@/lib/contracts';
import { readWhatChanged } from '@/lib/telemetry/queries';

export const GET = route({
  permission: 'telemetry.read',
  input: telemetryFilterSchema,
  output: whatChangedSchema,
  handle: readWhatChanged,
});
