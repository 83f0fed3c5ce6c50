import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { waitForLeftovers } from './leftovers';
import { freePort } from './ports';
import { identify } from './process-identity';

/** A process that listens on a port and does not end when it is asked to. */
async function stubborn(port: number): Promise<number> {
  const program = `process.on('SIGTERM', () => undefined);
    require('net').createServer().listen(${port}, '127.0.0.1', () => console.log('up'));`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
  if (child.stdout) await once(child.stdout, 'data');
  return child.pid ?? 0;
}

test('what does not end by itself is ended, and gone with its port when the start goes on', async () => {
  const port = await freePort();
  const pid = await stubborn(port);
  await waitForLeftovers([identify(pid)], 100);
  const server = createServer();
  await expect(
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve('free'));
    }),
  ).resolves.toBe('free');
  server.close();
});
