import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { recordPeers } from './peer-address';

test('what a client writes of its own address stands left of where it really comes from', async () => {
  const stop = recordPeers();
  const server = createServer((request, response) => {
    response.end(JSON.stringify(request.headers['x-forwarded-for']));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const seen = async (headers: Record<string, string>) =>
    (await (await fetch(url, { headers })).json()) as string;
  try {
    expect(await seen({})).toBe('127.0.0.1');
    expect(await seen({ 'x-forwarded-for': '203.0.113.9' })).toBe('203.0.113.9, 127.0.0.1');
    stop();
    expect(await seen({ 'x-forwarded-for': '203.0.113.9' })).toBe('203.0.113.9');
  } finally {
    stop();
    server.close();
  }
});
