import { liveProcess } from '@/app/api/live-process';
import { streamRoute } from '@/app/api/route-handler';

/** The live stream (server-sent events). The browser states what it saw last, and is told what came after. */
export const GET = streamRoute({
  permission: 'telemetry.read',
  handle: (ctx, _input, request) =>
    new Response(liveProcess().open(ctx.actor, request.headers.get('last-event-id'), request.signal), {
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache, no-store, no-transform',
        // Proxies that gather answers would hold events back.
        'x-accel-buffering': 'no',
      },
    }),
});
