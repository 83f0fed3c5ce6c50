import { createServer, type ServerResponse } from 'node:http';
import { type Forked, forkPart } from './forked';
import { type Memory, settle } from './settle';

/** The name of the part that is the floor: `node:http` and nothing else. */
export const BARE_STREAMS = 'bare-streams';

/** What a bare server of streams is told. */
export type BareStreams = {
  /** Listens; every stream is greeted with this text. Answers the port. */
  listen: (greeting: string) => Promise<number>;
  /** Sends this text to every stream, now. */
  send: (text: string) => void;
  /** Sends this text to every stream once a second from now on. */
  tick: (text: string) => void;
  memory: () => Promise<Memory>;
};

/** Starts a bare server of streams in a process of its own. */
export function startBareStreams(): Forked<BareStreams> {
  return forkPart<BareStreams>(BARE_STREAMS);
}

/** The server itself: it holds answers open and writes to them. */
export function bareStreams(): BareStreams {
  const streams = new Set<ServerResponse>();
  const send = (text: string) => {
    for (const stream of streams) stream.write(text);
  };
  return {
    listen: (greeting) =>
      new Promise((resolve) => {
        const server = createServer((request, response) => {
          response.writeHead(200, {
            'content-type': 'text/event-stream; charset=utf-8',
            'cache-control': 'no-cache',
          });
          response.write(greeting);
          streams.add(response);
          request.on('close', () => streams.delete(response));
        });
        server.listen(0, '127.0.0.1', () => {
          const address = server.address();
          resolve(typeof address === 'object' && address ? address.port : 0);
        });
      }),
    send,
    tick: (text) => {
      setInterval(() => send(text), 1_000);
    },
    memory: settle,
  };
}
