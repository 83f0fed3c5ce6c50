import { exportResponse } from '@/app/api/export-file';
import { streamRoute } from '@/app/api/route-handler';
import { attestationExportSchema } from '@/lib/contracts';
import { exportAttestations } from '@/lib/telemetry/queries';

export const GET = streamRoute({
  permission: 'telemetry.read',
  input: attestationExportSchema,
  handle: (ctx, input, request) =>
    exportResponse(
      (signal) => exportAttestations(ctx, input, signal),
      request,
      input.format,
      ctx.clock.nowMs(),
    ),
});
