import { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { offeredAnswers, TICKET_HEADER } from './offered';

/** What remains of an answer whose head was sent. */
export interface HeldAnswer {
  /** Bytes that wait for the client. */
  readonly waitingBytes: number;
  write(bytes: Uint8Array): void;
  /** Ends the answer, and with it the connection. */
  close(): void;
  /** Calls back whenever nothing waits any more, after something has. */
  onDrain(listener: () => void): void;
  /** Calls back once, when the client has gone or the answer was closed. */
  onClose(listener: () => void): void;
}

/** Methods that middleware puts over those of `node:http`. */
const WRAPPED = ['end', 'write', 'writeHead', 'setHeader', 'flush', 'flushHeaders', 'on', 'once'] as const;
/** Where Next keeps what it knows of a request, which is most of what a stream would cost. */
const NEXT_META = Symbol.for('NextInternalRequestMeta');

/**
 * Holds the answer to a request open after the framework is done with it: the response that the handler returns, without
 * a body, is its head, and where the framework would end it, it begins. All that the framework keeps for a request in
 * progress is freed by then, so that an open stream costs little more than its connection.
 * @returns whether it is held: `false` where `offerAnswers` did not offer it, so that the handler must answer itself.
 */
export function holdAnswer(request: Request, begin: (answer: HeldAnswer) => void): boolean {
  const ticket = request.headers.get(TICKET_HEADER) ?? '';
  const response = offeredAnswers().get(ticket);
  if (!response || response.headersSent) return false;
  offeredAnswers().delete(ticket);
  const end: typeof response.end = (...given: unknown[]) => {
    unwrap(response);
    const { socket } = response;
    // The framework has failed, and this is its page that says so; or there is nobody to send anything to.
    if (given.length > 0 || response.statusCode !== 200 || !socket || socket.destroyed) {
      return Reflect.apply(response.end, response, given);
    }
    release(response);
    response.flushHeaders();
    begin(held(response, socket));
    return response;
  };
  Object.defineProperty(response, 'end', { value: end, configurable: true });
  return true;
}

/** Puts the methods of `node:http` back. Deleting what covers them would make V8 keep the answer as a slow table. */
function unwrap(response: ServerResponse): void {
  for (const name of WRAPPED) {
    if (Object.hasOwn(response, name))
      Reflect.set(response, name, Reflect.get(ServerResponse.prototype, name));
  }
}

/** Takes off what the framework has put on the request and its answer. */
function release(response: ServerResponse): void {
  response.removeAllListeners();
  response.req.removeAllListeners();
  Reflect.set(response.req, NEXT_META, undefined);
  // A connection that breaks is reported by its end.
  response.on('error', () => {});
}

function held(response: ServerResponse, socket: Socket): HeldAnswer {
  return {
    get waitingBytes() {
      return socket.writableLength;
    },
    write: (bytes) => void socket.write(chunkOf(bytes)),
    close: () => void response.end(() => socket.destroy()),
    onDrain: (listener) => void socket.on('drain', listener),
    onClose: (listener) => void response.once('close', listener),
  };
}

const chunks = new WeakMap<Uint8Array, Buffer>();

/** Bytes as one chunk of an answer (RFC 9112, section 7.1), made once for all answers that are sent the same. */
function chunkOf(bytes: Uint8Array): Buffer {
  const known = chunks.get(bytes);
  if (known) return known;
  const chunk = Buffer.concat([
    Buffer.from(`${bytes.byteLength.toString(16)}\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ]);
  chunks.set(bytes, chunk);
  return chunk;
}
