import { fork } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
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

/** A token and the public key, a JWK, that its signature verifies under. */
export interface SignedToken {
  token: string;
  jwk: Record<string, string>;
}

/**
 * Starts a bare server in a process of its own that answers as `raw` (a whole HTTP answer) does; given a token, after
 * verifying its ES256 signature with `node:crypto` for each request.
 */
export async function startBareServer(raw: string, signed?: SignedToken): Promise<BareServer> {
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
  const child = fork(fileURLToPath(import.meta.url), [
    ROLE,
    JSON.stringify(answer),
    JSON.stringify(signed ?? null),
  ]);
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
  const signed = JSON.parse(process.argv[at + 2] ?? 'null') as SignedToken | null;
  const check = signed ? verifierOf(signed) : () => undefined;
  const flat = [...headers.flat(), 'content-length', String(Buffer.byteLength(body))];
  const server = createServer((request, response) => {
    request.resume();
    check();
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

/** Verifies the token each time it is called. @throws Error where its signature is wrong */
function verifierOf({ token, jwk }: SignedToken): () => void {
  const at = token.lastIndexOf('.');
  const data = Buffer.from(token.slice(0, at));
  const signature = Buffer.from(token.slice(at + 1), 'base64url');
  const options = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' as const };
  return () => {
    if (!verify('sha256', data, options, signature)) throw new Error('The token does not verify.');
  };
}
