import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { cpuSecondsOf } from './stack';

/** A bare `node:http` server that always gives one answer: the floor that any handler stands on. */
export interface BareServer {
  port: number;
  cpuSeconds(): Promise<number>;
  stop(): void;
}

const ROLE = '--bare-server';

/** Headers and body of an answer, as `node:http` takes them. */
interface Answer {
  status: number;
  headers: [string, string][];
  body: string;
}

/** Starts a bare server in a process of its own that answers as `raw` (a whole HTTP answer) does. */
export async function startBareServer(raw: string): Promise<BareServer> {
  const [head = '', body = ''] = raw.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const answer: Answer = {
    status: Number(statusLine.split(' ')[1]),
    headers: lines
      .map((line): [string, string] => [
        line.slice(0, line.indexOf(':')),
        line.slice(line.indexOf(':') + 1).trim(),
      ])
      // node:http writes these itself.
      .filter(([name]) => !/^(date|connection|keep-alive|content-length)$/i.test(name)),
    body,
  };
  const child = fork(fileURLToPath(import.meta.url), [ROLE, JSON.stringify(answer)]);
  const port = await new Promise<number>((resolve) =>
    child.once('message', (message) => resolve(Number(message))),
  );
  return { port, cpuSeconds: () => cpuSecondsOf(child.pid ?? 0), stop: () => child.kill('SIGKILL') };
}

/** In the forked process: serves until killed, and never returns; elsewhere does nothing. */
export async function serveIfForked(): Promise<void> {
  const at = process.argv.indexOf(ROLE);
  if (at < 0) return;
  const { status, headers, body } = JSON.parse(process.argv[at + 1] ?? '') as Answer;
  const flat = [...headers.flat(), 'content-length', String(Buffer.byteLength(body))];
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, flat);
    response.end(body);
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.(typeof address === 'object' && address ? address.port : 0);
  });
  process.on('disconnect', () => process.exit(0));
  await new Promise(() => undefined);
}
