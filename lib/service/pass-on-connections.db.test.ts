import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bundleEntry } from './testing/bundle';

let folder: string;
let file: string;
beforeAll(async () => {
  ({ folder, file } = await bundleEntry('lib/service/testing/two-workers.ts'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let primary: ChildProcess;
let port: number;
let pids: number[];
beforeEach(async () => {
  primary = fork(file, [], {
    stdio: 'inherit',
    env: { PATH: '/usr/bin', NODE_ENV: 'test' },
  });
  const [said] = (await once(primary, 'message')) as [{ port: number; pids: number[] }];
  ({ port, pids } = said);
});
afterEach(async () => {
  if (primary.exitCode !== null) return;
  const exited = once(primary, 'exit');
  if (primary.connected) primary.disconnect();
  await exited;
});

/** One request on a connection of its own: the process that answered it. */
async function ask(): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    headers: { connection: 'close' },
    signal: AbortSignal.timeout(20_000),
  });
  return Number(await answer.text());
}

describe('when a worker is killed', () => {
  test('the connections that it had not taken yet are answered by another', async () => {
    const [stopped = 0, other = 0] = pids;
    process.kill(stopped, 'SIGSTOP');
    let answered = 0;
    const asked = Array.from({ length: 6 }, () =>
      ask().then((pid) => {
        answered += 1;
        return pid;
      }),
    );
    // One is with the stopped one, which takes it never; the other answers the rest.
    await expect.poll(() => answered).toBe(5);
    process.kill(stopped, 'SIGKILL');
    expect(await Promise.all(asked)).toEqual(Array(6).fill(other));
  });

  test('the connections that it had not taken end where there is no other', async () => {
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    const asked = Promise.allSettled(Array.from({ length: 6 }, ask));
    // Both have one each; the others wait for whoever is free first.
    await new Promise((passed) => setTimeout(passed, 200));
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    const ends = (await asked).map((end) => (end.status === 'rejected' ? end.reason.name : end.value));
    expect(ends).toEqual(Array(6).fill('TypeError'));
  });

  test('the primary outlives what it could not tell it', async () => {
    primary.send('end');
    expect(await ask()).toBe(pids[1]);
    expect(await ask()).toBe(pids[1]);
    expect(primary.exitCode).toBeNull();
  });
});
