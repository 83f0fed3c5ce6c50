import { connect } from 'node:net';

/** Streams that are being opened at the same time. */
const OPENING = 32;
const GREETED_WITHIN_MS = 30_000;
/** An attestation in a message, by the reference that was answered to the device. */
const REFERENCE = /"reference":"([0-9A-Z]{4}-[0-9A-Z]{4})"/g;
/** When the server made a message. */
const SERVER_TIME = /"serverTime":"([^"]+)"/;
/** What stands around each message in a chunked answer. */
const FRAME = /^[0-9a-f]+\r\n([\s\S]*)\r\n$/;

/** Where streams are opened, and as whom: one stream per cookie. */
export interface StreamTarget {
  port: number;
  path: string;
  cookies: readonly string[];
}

/** What the client is asked: the text of events without the framing of HTTP, or when each stream was sent what. */
export type StreamClient = {
  /** Opens them all, and answers the first events of one. */
  open: (target: StreamTarget) => Promise<string>;
  lastTick: () => string;
  lastAttestations: () => string;
  arrivals: (references: readonly string[]) => Record<string, number[]>;
  /** How long each message of attestations took to each stream, in milliseconds, by the time that it states. */
  fanOut: () => number[];
  broken: () => number;
};

/** A clock that all processes of a machine share, in milliseconds. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/**
 * A client of live streams that is as small as can be: it looks for references in what it is sent and notes the time.
 * Most streams are sent the very same text, which is read only once.
 */
export function streamClient(): StreamClient {
  const arrivals = new Map<string, number[]>();
  const fanOut: number[] = [];
  const last = { tick: '', attestations: '', text: '', references: [] as string[], statedMs: 0 };
  let broken = 0;

  const read = (text: string): void => {
    const atMs = monotonicMs();
    if (text !== last.text) {
      last.text = text;
      last.references = [...text.matchAll(REFERENCE)].flatMap(([, reference]) => reference ?? []);
      if (text.includes('event: tick')) last.tick = unframed(text);
      if (last.references.length > 0) last.attestations = unframed(text);
      last.statedMs = Date.parse(SERVER_TIME.exec(text)?.[1] ?? '');
    }
    if (last.references.length > 0) fanOut.push(Math.max(0, Date.now() - last.statedMs));
    for (const reference of last.references) {
      const times = arrivals.get(reference) ?? [];
      times.push(atMs);
      arrivals.set(reference, times);
    }
  };

  return {
    open: async ({ port, path, cookies }) => {
      const waiting = [...cookies];
      let greeting = '';
      const onBreak = () => {
        broken += 1;
      };
      await Promise.all(
        Array.from({ length: OPENING }, async () => {
          for (let cookie = waiting.pop(); cookie !== undefined; cookie = waiting.pop()) {
            greeting = await openOne(port, requestFor(path, cookie), read, onBreak);
          }
        }),
      );
      return greeting;
    },
    lastTick: () => last.tick,
    lastAttestations: () => last.attestations,
    arrivals: (references) => Object.fromEntries(references.map((one) => [one, arrivals.get(one) ?? []])),
    fanOut: () => fanOut,
    broken: () => broken,
  };
}

/** The request as a browser makes it. */
function requestFor(path: string, cookie: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'accept: text/event-stream',
    'accept-encoding: gzip, deflate, br, zstd',
    'cache-control: no-cache',
    'user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36',
    `cookie: ${cookie}`,
    '\r\n',
  ].join('\r\n');
}

/** Resolves with the first events when the stream has been greeted. @throws Error where it is refused, or compressed */
function openOne(
  port: number,
  request: string,
  read: (text: string) => void,
  onBreak: () => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let head: string | undefined = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.setNoDelay(true);
    const timer = setTimeout(() => {
      reject(new Error(`A stream was not greeted in time: ${head}`));
      socket.destroy();
    }, GREETED_WITHIN_MS);
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      if (head === undefined) return read(text);
      head += text;
      if (!head.includes('event: hello') || !head.endsWith('\n\n\r\n')) return;
      clearTimeout(timer);
      const [fields = '', body = ''] = head.split(/\r\n\r\n([\s\S]*)/);
      head = undefined;
      if (!fields.startsWith('HTTP/1.1 200') || /content-encoding/i.test(fields)) reject(new Error(fields));
      resolve(
        body
          .replaceAll(/(^|\r\n)[0-9a-f]+\r\n/g, '')
          .trimEnd()
          .concat('\n\n'),
      );
    });
    socket.on('error', reject);
    socket.on('close', () => {
      onBreak();
      reject(new Error(`A stream was refused: ${head ?? 'after its greeting'}`));
    });
  });
}

function unframed(text: string): string {
  return FRAME.exec(text)?.[1] ?? text;
}
