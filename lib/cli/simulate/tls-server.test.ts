import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { probeTls } from '@/lib/certificates';
import { createAddressGuard } from '@/lib/outbound';
import { DEMO_SERVER_NAME, openDemoServer } from './tls-server';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'countersign-tls-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('the server of the demo keeps its port and its keys, and presents the one that devices pin', async () => {
  const first = await openDemoServer(directory);
  expect(await first.isUp()).toBe(false);
  const running = await first.start(Date.now());
  try {
    const again = await openDemoServer(directory);
    expect([again.port, again.pin, again.backupPin]).toEqual([first.port, first.pin, first.backupPin]);
    expect(again.pin).not.toBe(again.backupPin);
    expect(await again.isUp()).toBe(true);
    await expect(again.start(Date.now())).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const place = { host: 'localhost', port: first.port, serverName: DEMO_SERVER_NAME };
    const { outcome, chain } = await probeTls(place, createAddressGuard(['127.0.0.0/8']), Date.now());
    expect([outcome, chain[0]?.spkiSha256]).toEqual(['ok', first.pin]);
    expect(chain.map(({ spkiSha256 }) => spkiSha256)).not.toContain(first.backupPin);
  } finally {
    await running.close();
  }
});

test('what the demo was given is noted, so that what is taken away stays away', async () => {
  const server = await openDemoServer(directory);
  expect(server.isPinned).toBe(false);
  await server.markPinned();
  expect((await openDemoServer(directory)).isPinned).toBe(true);
});

test('the server presents the other key once that was switched to, while it runs and after a start', async () => {
  const server = await openDemoServer(directory);
  const presented = async () => {
    const place = { host: 'localhost', port: server.port, serverName: DEMO_SERVER_NAME };
    const { chain } = await probeTls(place, createAddressGuard(['127.0.0.0/8']), Date.now());
    return chain[0]?.spkiSha256;
  };
  const running = await server.start(Date.now());
  expect(await server.switchKey()).toBe(server.backupPin);
  await expect.poll(presented, { timeout: 10_000 }).toBe(server.backupPin);
  await running.close();
  const again = await (await openDemoServer(directory)).start(Date.now());
  expect(await presented()).toBe(server.backupPin);
  await again.close();
});

test('a file of before is given an interceptor, once, and keeps its keys', async () => {
  const first = await openDemoServer(directory);
  const file = path.join(directory, 'tls-server.json');
  const { interceptor: _, presents: __, ...old } = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify(old));
  const second = await openDemoServer(directory);
  expect([second.pin, second.backupPin]).toEqual([first.pin, first.backupPin]);
  expect((await openDemoServer(directory)).interceptorPort).toBe(second.interceptorPort);
});
