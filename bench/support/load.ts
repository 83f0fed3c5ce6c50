import { connect, type Socket } from 'node:net';

/** What a run of load found. Latencies are milliseconds from the send to the whole answer. */
export interface LoadResult {
  requestsPerSecond: number;
  answers: number;
  statuses: Map<number, number>;
  latencies: Float64Array;
  /** Headers and body of the first answer. */
  firstAnswer: string;
}

export interface LoadOptions {
  port: number;
  connections: number;
  seconds: number;
  /** The next request in full, or `undefined` when there are no more. */
  next: () => Buffer | undefined;
  /** Called with each answer's text, where the caller wants it. */
  onAnswer?: (text: string) => void;
}

/**
 * Keeps `connections` keep-alive connections busy with one request each, until the time is up or the requests are
 * used up. A client as small as this leaves the other core to the server under test.
 */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const statuses = new Map<number, number>();
  const latencies: number[] = [];
  let firstAnswer = '';
  const start = performance.now();
  const end = start + options.seconds * 1000;
  const answered = (text: string, sentAt: number) => {
    const status = Number(text.slice(9, 12));
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    latencies.push(performance.now() - sentAt);
    if (firstAnswer === '') firstAnswer = text;
    options.onAnswer?.(text);
  };
  const one = (): Buffer | undefined => (performance.now() < end ? options.next() : undefined);
  await Promise.all(Array.from({ length: options.connections }, () => drive(options.port, one, answered)));
  const seconds = (performance.now() - start) / 1000;
  return {
    requestsPerSecond: latencies.length / seconds,
    answers: latencies.length,
    statuses,
    latencies: Float64Array.from(latencies).sort(),
    firstAnswer,
  };
}

function drive(
  port: number,
  next: () => Buffer | undefined,
  answered: (text: string, sentAt: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    let pending = '';
    let sentAt = 0;
    const send = () => {
      const request = next();
      if (request === undefined) {
        socket.end();
        resolve();
        return;
      }
      sentAt = performance.now();
      socket.write(request);
    };
    socket.on('connect', send);
    socket.on('data', (chunk) => {
      pending = pending === '' ? chunk.toString('latin1') : pending + chunk.toString('latin1');
      const length = answerLength(pending);
      if (length === undefined || pending.length < length) return;
      const text = pending;
      pending = '';
      answered(text, sentAt);
      send();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });
}

/** Length of the first whole answer in the text, once its headers are there. */
function answerLength(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const match = /\r\ncontent-length: *(\d+)/i.exec(text);
  return head + 4 + Number(match?.[1] ?? 0);
}

/** One HTTP/1.1 request as bytes. */
export function httpRequest(
  method: string,
  target: string,
  headers: Record<string, string>,
  body?: string | Buffer,
): Buffer {
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'host: 127.0.0.1',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(bytes ? [`content-length: ${bytes.length}`] : []),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes ?? Buffer.alloc(0)]);
}
