import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openChildLog } from './child-log';
import { ManagedProcess } from './managed-process';

let folder: string;
let child: ManagedProcess | undefined;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-child-'));
});
afterEach(() => child?.stop());
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A child that creates `up` when it runs, and does nothing else until it is ended. */
function idle(cwd: string): ManagedProcess {
  const up = path.join(folder, 'up');
  const warnings: string[] = [];
  child = new ManagedProcess({
    id: 'idle',
    name: 'idle child',
    args: [
      '-e',
      `require('fs').writeFileSync(${JSON.stringify(up)}, ''); setInterval(() => undefined, 1000)`,
    ],
    env: { NODE_ENV: 'test' },
    cwd,
    log: openChildLog(path.join(folder, 'idle.log'), (text) => warnings.push(text)),
    echo: false,
    isReady: async () => existsSync(up),
    readyTimeoutMs: 10_000,
    graceMs: 2_000,
    progress: { step: () => undefined, warn: (text) => warnings.push(text), say: () => undefined },
    onChange: () => undefined,
  });
  return child;
}

async function killed(process: ManagedProcess): Promise<void> {
  const { pid } = process;
  if (pid !== null) globalThis.process.kill(pid, 'SIGKILL');
  await expect.poll(() => process.pid === pid, { timeout: 5_000 }).toBe(false);
}

// As when there is no memory or no place for another process at that moment, and there is a second later.
test('a child that could not be started again is tried until it can', async () => {
  const cwd = path.join(folder, 'cwd');
  await mkdir(cwd);
  const process = idle(cwd);
  await process.start();
  await rm(cwd, { recursive: true });
  await killed(process);
  // Long enough for several attempts.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(process.pid).toBeNull();
  await mkdir(cwd);
  await expect.poll(() => process.pid !== null, { timeout: 5_000 }).toBe(true);
});

test('a child that cannot be started at all says so, and leaves nothing to wait for', async () => {
  const process = idle(path.join(folder, 'nowhere'));
  await rm(path.join(folder, 'up'), { force: true });
  await expect(process.start()).rejects.toThrow(/idle child ended at its start/);
  await process.stop();
});
