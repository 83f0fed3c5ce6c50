import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { problem } from './answer';
import { write } from './router';

/** Limits against clients that send slowly or not at all, in milliseconds and bytes. */
const LIMITS = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * 1024,
} as const;

/** Node overlooks the headers beyond this number, so that who reaches it is refused. */
const MAX_HEADERS = 256;

/** A listening server and how to end it. */
export interface Listening {
  readonly port: number;
  /** Accepts nothing new, lets requests in flight finish for `drainMs`, then cuts what is left. */
  close(drainMs: number): Promise<void>;
}

const ERROR_OF_CODE: Readonly<Record<string, Parameters<typeof problem>[0]>> = {
  HPE_HEADER_OVERFLOW: 'request_headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** What does not even parse as HTTP gets a problem document and a closed connection. */
function refuseMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, headers, body } = problem(ERROR_OF_CODE[error.code ?? ''] ?? 'request_malformed');
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`];
  for (let i = 0; i + 1 < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  lines.push(`Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close', '', body);
  socket.end(lines.join('\r\n'), () => socket.destroySoon());
}

/**
 * Refuses what has as many headers as Node reads: those that a proxy adds come last, and would be the ones that are
 * overlooked.
 */
function unlessFlooded(listener: RequestListener): RequestListener {
  return (incoming, outgoing) => {
    // Names and values alternate.
    if (incoming.rawHeaders.length < MAX_HEADERS * 2) listener(incoming, outgoing);
    else write(incoming, outgoing, problem('request_headers_too_large'));
  };
}

/** Listens on `host:port` (0 for any free one). Rejects where the port is taken. */
export async function listen(listener: RequestListener, host: string, port: number): Promise<Listening> {
  const server = createServer({ ...LIMITS, noDelay: true }, unlessFlooded(listener));
  server.maxHeadersCount = MAX_HEADERS;
  server.on('clientError', (error, socket) => refuseMalformed(error, socket as Socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return { port: (server.address() as AddressInfo).port, close: (drainMs) => close(server, drainMs) };
}

async function close(server: Server, drainMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), drainMs);
    // Connections that fall idle while draining would otherwise wait for their keep-alive to end.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}
