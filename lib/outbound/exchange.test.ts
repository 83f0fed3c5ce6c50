import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAddressGuard } from './address-guard';
import { exchange } from './exchange';

const LIMITS = { guard: createAddressGuard(['127.0.0.0/8']), timeoutMs: 5_000, mostBytes: 1_000 };
const get = { method: 'GET', headers: {} } as const;
let server: http.Server;
let url = '';

/** What the server does, by path. */
const ANSWERS: Readonly<Record<string, (response: http.ServerResponse) => void>> = {
  '/ok': (response) => response.end('body'),
  '/unchanged': (response) => response.writeHead(304).end(),
  '/missing': (response) => response.writeHead(404).end('no'),
  '/elsewhere': (response) => response.writeHead(302, { location: 'http://127.0.0.1/' }).end(),
  '/packed': (response) => response.writeHead(200, { 'content-encoding': 'br' }).end('?'),
  '/huge': (response) => response.end(Buffer.alloc(2_000)),
  '/cut': (response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half');
    setImmediate(() => response.destroy());
  },
  '/silent': () => undefined,
};

beforeAll(async () => {
  server = http.createServer((request, response) => ANSWERS[request.url ?? '']?.(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('an exchange', () => {
  it('gives the status and the body, whatever the status is', async () => {
    const ok = await exchange({ ...get, url: `${url}/ok` }, LIMITS);
    expect(ok).toMatchObject({ ok: true, status: 200, body: Buffer.from('body') });
    expect(await exchange({ ...get, url: `${url}/unchanged` }, LIMITS)).toMatchObject({ status: 304 });
    expect(await exchange({ ...get, url: `${url}/missing` }, LIMITS)).toMatchObject({ status: 404 });
  });

  it.each([
    ['/elsewhere', 'redirected'],
    ['/packed', 'encoding_refused'],
    ['/huge', 'answer_too_large'],
    ['/cut', 'unreachable'],
  ])('is contained: %s is %s', async (path, code) => {
    expect(await exchange({ ...get, url: url + path }, LIMITS)).toEqual({ ok: false, code });
  });

  it('ends when its time is over', async () => {
    const outcome = await exchange({ ...get, url: `${url}/silent` }, { ...LIMITS, timeoutMs: 50 });
    expect(outcome).toEqual({ ok: false, code: 'timeout' });
  });

  it.each([
    ['nonsense', 'url_refused'],
    ['ftp://example.com/', 'url_refused'],
    ['http://example.com/', 'url_refused'],
    ['https://user:password@example.com/', 'url_refused'],
    ['https://10.0.0.1/', 'address_refused'],
    ['https://[::1]/', 'address_refused'],
  ])('does not go to %s: %s', async (target, code) => {
    expect(await exchange({ ...get, url: target }, LIMITS)).toEqual({ ok: false, code });
  });

  it('does not go to a private address that a name resolves to', async () => {
    const guard = createAddressGuard([]);
    const outcome = await exchange({ ...get, url: 'https://localhost/' }, { ...LIMITS, guard });
    expect(outcome).toEqual({ ok: false, code: 'address_refused' });
  });
});
