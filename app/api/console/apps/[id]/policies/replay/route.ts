import { reportStream } from '@/app/api/report-stream';
import { streamRoute } from '@/app/api/route-handler';
import { replayRequestSchema } from '@/lib/contracts';
import { replayPolicy } from '@/lib/policies';

export const POST = streamRoute({
  permission: 'policies.read',
  input: replayRequestSchema,
  handle: async (ctx, input, request) => reportStream(await replayPolicy(ctx, input), request),
});
