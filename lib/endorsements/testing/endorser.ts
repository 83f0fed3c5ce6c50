import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a stand-in was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

type Respond = (asked: Asked, response: http.ServerResponse) => void;

/** A vendor's server on this machine, that answers as it is told and remembers what it was asked. */
export interface StandIn {
  readonly url: string;
  readonly asked: Asked[];
  answer(respond: Respond): void;
  close(): void;
}

/** Starts a stand-in. Until it is told otherwise it finds nothing. */
export async function startStandIn(): Promise<StandIn> {
  const asked: Asked[] = [];
  let respond: Respond = (_asked, response) => response.writeHead(404).end();
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const question = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body,
    };
    asked.push(question);
    respond(question, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer: (next) => {
      respond = next;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
