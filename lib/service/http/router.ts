import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { TrieRouter } from 'hono/router/trie-router';
import { AppError, type Logger } from '@/lib/core';
import { describeError } from '../describe-error';
import { type Answer, problem, problemOf } from './answer';

/** One request on its way: the message itself, and the parameters of its path as they were sent. */
export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly params: Readonly<Record<string, string>>;
  /** `performance.now()` when its head had been read. */
  readonly startedAtMs: number;
}

/** A route: a method, a path in Hono's notation, and what answers it. It may throw `AppError`. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  handle(exchange: Exchange): Answer | Promise<Answer>;
}

/** Told of every answer: the route's path (`other` where none matched), its status, and how long it took. */
export type AnswerObserver = (path: string, status: number, elapsedMs: number) => void;

const METHODS: readonly Route['method'][] = ['GET', 'POST'];
/** How long a refused upload is read on and thrown away, so that its sender gets to see the answer. */
const LINGER_MS = 500;

/**
 * Serves routes on `node:http` with Hono's router. Handlers give plain answers: building a web `Request` and `Response`
 * for each call costs as much as the signature that it is about. Every error becomes a problem document; one that
 * nobody threw on purpose is logged under a request id, without its message, which may quote the client.
 */
export function createDispatcher(
  routes: readonly Route[],
  logger: Logger,
  observe: AnswerObserver,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const router = new TrieRouter<Route>();
  for (const route of routes) router.add(route.method, route.path, route);

  return (incoming, outgoing) => {
    const startedAtMs = performance.now();
    const path = pathOf(incoming.url ?? '/');
    const method = incoming.method === 'HEAD' ? 'GET' : (incoming.method ?? 'GET');
    const [match] = router.match(method, path)[0];
    const finish = (answer: Answer) => {
      write(incoming, outgoing, answer);
      observe(match?.[0].path ?? 'other', answer.status, performance.now() - startedAtMs);
    };
    if (match === undefined) {
      finish(unmatched(router, path));
      return;
    }
    // The router that was chosen keeps parameters by name beside each match.
    const params = match[1] as Record<string, string>;
    run(match[0], { incoming, params, startedAtMs }).then(finish, (error: unknown) =>
      finish(answerTo(error, logger)),
    );
  };
}

async function run(route: Route, exchange: Exchange): Promise<Answer> {
  return await route.handle(exchange);
}

/** The path of a request target, without its query. */
export function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

function unmatched(router: TrieRouter<Route>, path: string): Answer {
  const allowed = METHODS.filter((method) => router.match(method, path)[0].length > 0);
  return allowed.length > 0
    ? problem('method_not_allowed', {}, ['Allow', allowed.join(', ')])
    : problem('route_not_found');
}

function answerTo(error: unknown, logger: Logger): Answer {
  if (error instanceof AppError) return problemOf(error);
  const requestId = crypto.randomUUID();
  logger.error({ requestId, error: describeError(error) }, 'unexpected error');
  return problem('internal_error', { requestId });
}

/** Writes an answer. Where the body was not read to its end, the connection closes, but not before it was heard. */
export function write(incoming: IncomingMessage, outgoing: ServerResponse, answer: Answer): void {
  if (outgoing.headersSent || outgoing.destroyed) return;
  const length = String(Buffer.byteLength(answer.body));
  if (incoming.complete || !hasBody(incoming)) {
    outgoing.writeHead(answer.status, [...answer.headers, 'Content-Length', length]);
    outgoing.end(answer.body);
    return;
  }
  outgoing.writeHead(answer.status, [...answer.headers, 'Content-Length', length, 'Connection', 'close']);
  outgoing.write(answer.body);
  const end = () => {
    clearTimeout(timer);
    outgoing.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  incoming.once('end', end).once('close', end).resume();
}

function hasBody(incoming: IncomingMessage): boolean {
  const { headers } = incoming;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
