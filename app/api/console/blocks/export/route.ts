import { blockExportResponse } from '@/app/api/block-file';
import { streamRoute } from '@/app/api/route-handler';
import { exportBlocks } from '@/lib/blocks';
import { blockExportSchema } from '@/lib/contracts';

export const GET = streamRoute({
  permission: 'devices.read',
  input: blockExportSchema,
  handle: (ctx, input, request) =>
    blockExportResponse(() => exportBlocks(ctx, input), request, ctx.clock.nowMs()),
});
