import { liveProcess } from '@/app/api/live-process';
import { streamRoute } from '@/app/api/route-handler';
import { holdAnswer } from '@/lib/live/held';

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-store, no-transform',
  // Proxies that gather answers would hold events back.
  'x-accel-buffering': 'no',
};

/** The live stream (server-sent events). The browser states what it saw last, and is told what came after. */
export const GET = streamRoute({
  permission: 'telemetry.read',
  handle: ({ actor }, _input, request) => {
    // Next answers HEAD by GET and drops the body: nobody would ever close the stream.
    if (request.method === 'HEAD') return new Response(null, { headers: HEADERS });
    const live = liveProcess();
    const lastEventId = request.headers.get('last-event-id');
    const isHeld = holdAnswer(request, (answer) => live.hold(actor, lastEventId, answer));
    return new Response(isHeld ? null : live.open(actor, lastEventId, request.signal), { headers: HEADERS });
  },
});
