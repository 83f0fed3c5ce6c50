/*
 * Two processes that share a port as the service's workers do, for tests of what holds them together. It says over IPC which
 * processes there are; told `end`, it kills a worker and speaks to it before it can know.
 */
import cluster, { type Worker } from 'node:cluster';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createLogger } from '../../core';
import { passOnConnections } from '../pass-on-connections';

const logger = createLogger('test', 'silent');

function fork(): Worker {
  const worker = cluster.fork();
  passOnConnections(worker, logger);
  return worker;
}

/** Kills a worker, and sends it a message while the kernel knows that it has ended and Node does not yet. */
function speakToTheDead(worker: Worker): void {
  const { pid } = worker.process;
  process.kill(pid ?? 0, 'SIGKILL');
  while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
  worker.send({ type: 'shutdown' });
}

if (cluster.isPrimary) {
  const workers = [fork(), fork()];
  let left = workers.length;
  for (const worker of workers) {
    worker.on('listening', ({ port }) => {
      left -= 1;
      if (left === 0) process.send?.({ port, pids: workers.map(({ process: { pid } }) => pid) });
    });
  }
  process.on('message', () => speakToTheDead(workers[0] as Worker));
  process.on('disconnect', () => {
    for (const worker of workers) worker.process.kill('SIGKILL');
    process.exit(0);
  });
} else {
  createServer((_request, answer) => answer.end(String(process.pid))).listen(0, '127.0.0.1');
}
