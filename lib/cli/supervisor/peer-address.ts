import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/** Node tells of each request here before the server sees it. */
const REQUEST_STARTED = 'http.server.request.start';

/**
 * Appends the peer's address to `X-Forwarded-For` of every request to this process, as a proxy does. Next writes it only
 * where the client has not, which would leave it to the client whom its attempts are counted against.
 * @returns what ends it.
 */
export function recordPeers(): () => void {
  subscribe(REQUEST_STARTED, appendPeer);
  return () => void unsubscribe(REQUEST_STARTED, appendPeer);
}

function appendPeer(message: unknown): void {
  const { request } = message as { request: IncomingMessage };
  const peer = request.socket.remoteAddress;
  const forwarded = [request.headers['x-forwarded-for']].flat();
  request.headers['x-forwarded-for'] = [...forwarded, peer ?? 'unknown']
    .filter((hops) => hops !== undefined)
    .join(', ');
}
