import net from 'node:net';

/** What a server wrote to a raw connection until it ended, or until the first response was whole. */
export interface RawAnswer {
  /** 0 where nothing came. */
  status: number;
  headers: string;
  body: string;
  elapsedMs: number;
}

/** Sends bytes as they are, piece by piece, and reads the first response. */
export function sendRaw(
  url: string,
  pieces: readonly (string | Buffer)[],
  timeoutMs = 15_000,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const socket = net.connect(Number(port), hostname);
    let text = '';
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      const head = text.indexOf('\r\n\r\n');
      resolve({
        status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0),
        headers: head < 0 ? text : text.slice(0, head),
        body: head < 0 ? '' : text.slice(head + 4),
        elapsedMs: performance.now() - started,
      });
    };
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error('The server did not answer in time.'));
    }, timeoutMs);
    socket.on('data', (data) => {
      text += data.toString('latin1');
      const head = text.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.POSITIVE_INFINITY);
      if (head >= 0 && text.length >= head + 4 + length) finish();
    });
    // A server that refuses may reset the connection under what is still being sent.
    socket.on('error', () => undefined);
    socket.on('close', finish);
    socket.on('connect', () => {
      for (const piece of pieces) socket.write(piece);
    });
  });
}
