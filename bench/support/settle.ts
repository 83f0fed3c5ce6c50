import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes that a process holds: in all, and of that in script objects and in buffers outside of them. */
export interface Memory {
  rss: number;
  heapUsed: number;
  external: number;
}

/** Frees in this process what nothing holds any more, and says what is left. */
export async function settle(): Promise<Memory> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  for (let round = 0; round < 3; round++) {
    collect();
    await sleep(300);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external };
}

const SETTLED_WITHIN_MS = 30_000;

/**
 * Lets processes that are started with these `NODE_OPTIONS` be settled from outside: on SIGUSR2 each does what `settle`
 * does, and writes what is left into `folder`.
 */
export async function settleOnSignal(folder: string): Promise<{
  nodeOptions: string;
  memoryOf: (pid: number) => Promise<Memory>;
}> {
  const script = path.join(folder, 'settle.cjs');
  await writeFile(script, SCRIPT.replace('FOLDER', JSON.stringify(folder)));
  return {
    nodeOptions: `--require=${script}`,
    memoryOf: async (pid) => {
      const file = path.join(folder, `${pid}.json`);
      await rm(file, { force: true });
      process.kill(pid, 'SIGUSR2');
      const deadline = performance.now() + SETTLED_WITHIN_MS;
      while (performance.now() < deadline) {
        await sleep(100);
        const text = await readFile(file, 'utf8').catch(() => '');
        if (text.endsWith('\n')) return JSON.parse(text) as Memory;
      }
      throw new Error('The process did not settle.');
    },
  };
}

const SCRIPT = `
process.on('SIGUSR2', async () => {
  require('node:v8').setFlagsFromString('--expose-gc');
  const collect = require('node:vm').runInNewContext('gc');
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  const file = require('node:path').join(FOLDER, process.pid + '.json');
  require('node:fs').writeFileSync(file, JSON.stringify({ rss, heapUsed, external }) + '\\n');
});
`;
