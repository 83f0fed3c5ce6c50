import { exportResponse } from '@/app/api/export-file';
import { streamRoute } from '@/app/api/route-handler';
import { attestationExportSchema } from '@/lib/contracts';
import { exportAttestations } from '@/lib/telemetry/queries';

export const GET = streamRoute({
  permission: 'telemetry.read',
  input: attestationExportSchema,
  handle: (ctx, input) => exportResponse(exportAttestations(ctx, input), input.format, ctx.clock.nowMs()),
});
