import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { AppError, silentLogger } from '@/lib/core';
import { json } from './answer';
import { createDispatcher } from './router';

const logged: unknown[] = [];
const observed: [string, number][] = [];
let server: Server;
let url: string;
beforeAll(async () => {
  const logger = { ...silentLogger, error: vi.fn((...parts: unknown[]) => logged.push(parts)) };
  const dispatch = createDispatcher(
    [
      { method: 'GET', path: '/items/:id', handle: ({ params }) => json(200, params) },
      {
        method: 'GET',
        path: '/broken',
        handle: () => {
          throw new Error('the client said: hunter2');
        },
      },
      {
        method: 'GET',
        path: '/away',
        handle: () =>
          Promise.reject(new AppError('service_unavailable', { cause: new Error('no database') })),
      },
    ],
    logger,
    (path, status) => observed.push([path, status]),
  );
  server = createServer(dispatch).listen(0);
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test('an error that nobody threw on purpose is a 500 with a request id, and its text stays out of answer and log', async () => {
  const answer = await fetch(`${url}/broken`);
  expect(answer.status).toBe(500);
  const body = (await answer.json()) as { code: string; requestId: string };
  expect(body).toMatchObject({ code: 'internal_error', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect(JSON.stringify(body)).not.toContain('hunter2');
  expect(JSON.stringify(logged)).toContain(body.requestId);
  expect(JSON.stringify(logged)).not.toContain('hunter2');
});

test('a service that cannot commit says when to come back, and not why', async () => {
  const answer = await fetch(`${url}/away`);
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('1');
  expect(await answer.text()).not.toContain('no database');
});

test('HEAD is GET without its body, and parameters arrive as they were sent', async () => {
  expect(await (await fetch(`${url}/items/a%2Fb?x=1`)).json()).toEqual({ id: 'a%2Fb' });
  const head = await fetch(`${url}/items/1`, { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(await head.text()).toBe('');
});

test('answers are observed by route, whatever the path', async () => {
  await fetch(`${url}/items/77`);
  await fetch(`${url}/nowhere/${'x'.repeat(100)}`);
  expect(observed).toContainEqual(['/items/:id', 200]);
  expect(observed).toContainEqual(['other', 404]);
});
