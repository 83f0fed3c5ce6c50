import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HeldAnswer, holdAnswer, offerAnswers } from '@/lib/live/held';

const PATH = '/api/live';
const META = Symbol.for('NextInternalRequestMeta');

interface Framework {
  held: HeldAnswer[];
  /** Of the last request, as Node sees it. */
  request: IncomingMessage | undefined;
  response: ServerResponse | undefined;
  /** What `holdAnswer` said of each request. */
  answers: boolean[];
}

let framework: Framework;
let server: Server;
let stopOffering: () => void;
const sockets: Socket[] = [];

beforeEach(async () => {
  framework = { held: [], request: undefined, response: undefined, answers: [] };
  stopOffering = offerAnswers(PATH);
  server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  stopOffering();
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
});

/** Serves as a framework does: wraps, listens, keeps notes, asks the handler, sends its head, and ends the answer. */
async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const end = response.end;
  response.end = (...given: unknown[]) => Reflect.apply(end, response, given);
  response.on('close', () => {});
  Reflect.set(incoming, META, { much: true });
  Object.assign(framework, { request: incoming, response });
  const headers = new Headers(
    Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const request = new Request(`http://localhost${incoming.url}`, { headers, method: incoming.method ?? '' });
  framework.answers.push(holdAnswer(request, (answer) => framework.held.push(answer)));
  await sleep(incoming.url?.includes('slow') ? 100 : 5);
  response.statusCode = incoming.url?.includes('fail') ? 500 : 200;
  response.setHeader('content-type', 'text/event-stream');
  response.end();
}

/** What a client has received so far. */
function ask(target = PATH, { method = 'GET', fields = '' } = {}) {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  const seen = { text: '', ended: false, socket };
  socket.on('data', (chunk) => {
    seen.text += chunk.toString();
  });
  socket.on('close', () => {
    seen.ended = true;
  });
  socket.on('error', () => {});
  socket.write(`${method} ${target} HTTP/1.1\r\nhost: localhost\r\n${fields}\r\n`);
  return seen;
}

async function until(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 400 && !condition(); round++) await sleep(5);
  expect(condition()).toBe(true);
}

function only<Value>(values: readonly Value[]): Value {
  const [value] = values;
  if (value === undefined || values.length > 1) throw new Error(`There are ${values.length}.`);
  return value;
}

describe('a held answer', () => {
  test('begins where the framework ends it, and sends what is written until it is closed', async () => {
    const client = ask();
    await until(() => framework.held.length === 1 && client.text.includes('\r\n\r\n'));
    const answer = only(framework.held);
    expect(client.text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(client.text).toContain('content-type: text/event-stream');
    answer.write(Buffer.from('event: tick\n\n'));
    await until(() => client.text.includes('event: tick'));
    await sleep(50);
    expect(client.ended).toBe(false);
    answer.close();
    await until(() => client.ended);
    expect(client.text).toMatch(/0\r\n\r\n$/);
  });

  test('keeps nothing of what the framework keeps for a request in progress', async () => {
    ask();
    await until(() => framework.held.length === 1);
    expect(framework.response?.listenerCount('close')).toBe(0);
    expect(Reflect.get(framework.request ?? {}, META)).toBeUndefined();
    expect(framework.response?.end).toBe(ServerResponse.prototype.end);
  });

  test('tells when the client has gone', async () => {
    const client = ask();
    await until(() => framework.held.length === 1);
    let gone = 0;
    only(framework.held).onClose(() => {
      gone += 1;
    });
    client.socket.destroy();
    await until(() => gone === 1);
  });

  test('tells what waits for a client that does not read, and when that has gone', async () => {
    const client = ask();
    await until(() => framework.held.length === 1);
    const answer = only(framework.held);
    client.socket.pause();
    let drained = 0;
    answer.onDrain(() => {
      drained += 1;
    });
    for (let count = 0; count < 200 && answer.waitingBytes < 100_000; count++) {
      answer.write(Buffer.alloc(64 * 1024, 'x'));
      await sleep(1);
    }
    expect(answer.waitingBytes).toBeGreaterThan(100_000);
    client.socket.resume();
    await until(() => drained > 0 && answer.waitingBytes === 0);
  });
});

describe('nothing is held', () => {
  test('on another path, or for HEAD, whatever ticket the client sends', async () => {
    const fields = 'x-countersign-answer: 00000000-0000-0000-0000-000000000000\r\n';
    const clients = [ask('/other', { fields }), ask(PATH, { method: 'HEAD', fields })];
    await until(() => clients.every(({ text }) => text.includes('\r\n\r\n')));
    expect(framework.answers).toEqual([false, false]);
  });

  test('by the ticket of another request, which is worth nothing to whoever sends it', async () => {
    ask();
    await until(() => framework.request !== undefined);
    const stolen = String(framework.request?.headers['x-countersign-answer']);
    const thief = ask('/other', { fields: `x-countersign-answer: ${stolen}\r\n` });
    await until(() => thief.text.includes('\r\n\r\n'));
    expect(framework.answers).toEqual([true, false]);
  });

  test('where the framework answers with a failure after the handler has returned', async () => {
    const client = ask(`${PATH}?fail`);
    await until(() => client.text.includes('\r\n\r\n'));
    expect(client.text).toMatch(/^HTTP\/1\.1 500 /);
    expect(framework.held).toEqual([]);
  });

  test('once offering has ended', async () => {
    stopOffering();
    const client = ask();
    await until(() => client.text.includes('\r\n\r\n'));
    expect(framework.answers).toEqual([false]);
  });

  test('for a client that has gone before its answer began', async () => {
    const client = ask(`${PATH}?slow`);
    await until(() => framework.request !== undefined);
    client.socket.destroy();
    await until(() => framework.response?.destroyed === true);
    await sleep(150);
    expect(framework.held).toEqual([]);
  });
});
