import { type ChildProcess, fork } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { toBase64Url } from '@/lib/core';
import { bundleEntry } from './bundle';
import { TEST_MASTER_KEY } from './service';

/** The service as it runs in production: a process with workers of its own. */
export interface ServiceProcess {
  readonly url: string;
  readonly nodeIds: readonly string[];
  /** Process ids of the workers that run now. */
  workerPids(): Promise<number[]>;
  /** Ends it in an orderly way. */
  stop(): Promise<void>;
}

/** Bundles and starts the service on a database with two workers. */
export async function startServiceProcess(databaseUrl: string): Promise<ServiceProcess> {
  const { folder, file } = await bundleEntry('lib/service/main.ts');
  const child = fork(file, [], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      PATH: '/usr/bin',
      NODE_ENV: 'production',
      COUNTERSIGN_SERVICE_DATABASE_URL: databaseUrl,
      COUNTERSIGN_MASTER_KEY: toBase64Url(TEST_MASTER_KEY),
      COUNTERSIGN_SERVICE_PORT: String(await freePort()),
      COUNTERSIGN_OPS_PORT: String(await freePort()),
      COUNTERSIGN_WORKERS: '2',
      COUNTERSIGN_NODE_NAME: 'machine',
    },
  });
  const lastWords = lastLinesOf(child);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { url, nodeIds } = await readyMessage(child);
  return {
    url,
    nodeIds,
    workerPids: async () => {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`The service has ended with ${child.exitCode ?? child.signalCode}:\n${lastWords()}`);
      }
      const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
      return children.trim().split(' ').filter(Boolean).map(Number);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a process wrote last, should it end when it must not. */
function lastLinesOf(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString('utf8')).slice(-8_000);
    });
  }
  return () => text;
}

function readyMessage(child: ChildProcess): Promise<{ url: string; nodeIds: string[] }> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: { type: string; url: string; nodeIds: string[] }) => {
      if (message.type === 'ready') resolve(message);
    });
    child.once('exit', (code) => reject(new Error(`The service ended with ${code} at its start.`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
