import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './product';

const CLI = path.join(ROOT, 'lib', 'cli', 'bin.js');
const READY_WITHIN_MS = 90_000;

/** Settings of the product, as environment variables. */
export type Settings = Readonly<Record<string, string>>;

/** A place for one running product: an empty data directory and ports of its own. */
export interface Place {
  folder: string;
  dataDirectory: string;
  consoleUrl: string;
  serviceUrl: string;
  opsUrl: string;
  settings: Settings;
}

/** Makes a place in the temporary folder. */
export async function makePlace(): Promise<Place> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-e2e-'));
  // The embedded Postgres may have to run as another user, who must be able to reach its folder.
  await chmod(folder, 0o711);
  const dataDirectory = path.join(folder, 'data');
  const [console, service, ops] = await freePorts();
  return {
    folder,
    dataDirectory,
    consoleUrl: `http://127.0.0.1:${console}`,
    serviceUrl: `http://127.0.0.1:${service}`,
    opsUrl: `http://127.0.0.1:${ops}`,
    settings: {
      COUNTERSIGN_DATA_DIR: dataDirectory,
      COUNTERSIGN_CONSOLE_PORT: String(console),
      COUNTERSIGN_SERVICE_PORT: String(service),
      COUNTERSIGN_OPS_PORT: String(ops),
      COUNTERSIGN_WORKERS: '2',
      COUNTERSIGN_TRUSTED_PROXIES: '127.0.0.1/32',
      // No vendor is asked by a test.
      COUNTERSIGN_STATUS_LIST_URL: 'off',
      // The servers that tests probe run here.
      COUNTERSIGN_PROBE_NETWORKS: '127.0.0.0/8,::1/128',
    },
  };
}

/** Our own environment without any setting of the product, which must come from the test alone. */
function environment(settings: Settings): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('COUNTERSIGN_') && name !== 'DATABASE_URL',
  );
  return { NODE_ENV: 'production', ...Object.fromEntries(own), ...settings };
}

/**
 * Runs `start` or `demo` until it is ready; `onReady` is told what it has said by then.
 * @returns how to stop it; its data goes too.
 */
export async function launch(
  command: 'start' | 'demo',
  { folder, settings }: Place,
  onReady: (output: string) => void = () => {},
): Promise<() => Promise<void>> {
  const supervisor = spawn(process.execPath, [CLI, command], {
    cwd: ROOT,
    env: environment(settings),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  supervisor.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!output.includes('Ctrl-C stops')) {
    if (supervisor.exitCode !== null) throw new Error(`The product does not start:\n${output}`);
    if (performance.now() > deadline) {
      supervisor.kill('SIGTERM');
      throw new Error(`The product is not ready in time:\n${output}`);
    }
    await sleep(50);
  }
  onReady(output);
  return () => stopAndRemove(supervisor, folder);
}

async function stopAndRemove(supervisor: ChildProcess, folder: string): Promise<void> {
  // Whoever interrupts us from a terminal interrupts it too.
  if (supervisor.exitCode === null && supervisor.signalCode === null) {
    const ended = once(supervisor, 'exit');
    supervisor.kill('SIGTERM');
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
}

/** Runs one command to its end. @throws Error where it fails. */
export async function runCommand(args: readonly string[], settings: Settings, input = ''): Promise<void> {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: ROOT,
    env: environment(settings),
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.end(input);
  const [status] = (await once(child, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`countersign ${args.slice(0, 2).join(' ')} ended with status ${status}.`);
}

async function freePorts(): Promise<[number, number, number]> {
  const probes = [createServer(), createServer(), createServer()] as const;
  const listening = async (probe: (typeof probes)[number]) => {
    probe.listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const address = probe.address();
    return typeof address === 'object' && address ? address.port : 0;
  };
  const ports = await Promise.all([listening(probes[0]), listening(probes[1]), listening(probes[2])]);
  for (const probe of probes) probe.close();
  return ports;
}
