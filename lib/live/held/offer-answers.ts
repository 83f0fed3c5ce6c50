import { randomUUID } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { offeredAnswers, TICKET_HEADER } from './offered';

/** Node tells of each request here before the server sees it. */
const REQUEST_STARTED = 'http.server.request.start';

/**
 * Lets the handler of `path` take the answer of each GET out of the hands of the framework that serves it in this process.
 * @returns what ends it.
 */
export function offerAnswers(path: string): () => void {
  const offered = offeredAnswers();
  const offer = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    delete request.headers[TICKET_HEADER];
    if (request.method !== 'GET' || request.url?.split('?')[0] !== path) return;
    const ticket = randomUUID();
    request.headers[TICKET_HEADER] = ticket;
    offered.set(ticket, response);
    response.once('close', () => offered.delete(ticket));
  };
  subscribe(REQUEST_STARTED, offer);
  return () => void unsubscribe(REQUEST_STARTED, offer);
}
