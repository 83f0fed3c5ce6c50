import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Installation } from './command';
import { writeFakeProduct } from './testing/fake-product';
import { runCli } from './testing/run-cli';

let folder: string;
let product: Installation;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-command-'));
  await chmod(folder, 0o711);
  product = await writeFakeProduct(folder, process.cwd());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const inPostgres = (name: string) => path.join(folder, 'data', 'postgres', name);
const migrate = () => runCli(['migrate'], product, { COUNTERSIGN_DATA_DIR: path.join(folder, 'data') });

/** Process id of the Postgres that runs on the cluster, once there is one. */
async function postmaster(): Promise<number> {
  for (;;) {
    const pid = Number.parseInt(
      await readFile(inPostgres('cluster/postmaster.pid'), 'utf8').catch(() => ''),
      10,
    );
    if (pid > 0) return pid;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Whether it still runs; one that ended and was not yet collected does not. */
async function isAlive(pid: number): Promise<boolean> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')) !== '';
}

describe('a command on the embedded database', { timeout: 60_000 }, () => {
  it('leaves no Postgres behind when it is killed at any moment, and the next one waits for its end', async () => {
    const first = await migrate();
    expect(await first.ended, first.errors()).toBe(0);
    const killed = await migrate();
    const pid = await postmaster();
    killed.child.kill('SIGKILL');
    const next = await migrate();
    expect(await next.ended, next.errors()).toBe(0);
    expect(await isAlive(pid)).toBe(false);
  });

  it('fails, and ends its Postgres, where that does not let it in', async () => {
    const password = await readFile(inPostgres('owner-password'), 'utf8');
    await writeFile(inPostgres('owner-password'), 'not the password\n');
    const cli = await migrate();
    const pid = await postmaster();
    const patience = setTimeout(() => cli.child.kill('SIGKILL'), 20_000);
    expect(await cli.ended).toBe(1);
    clearTimeout(patience);
    expect(await isAlive(pid)).toBe(false);
    await writeFile(inPostgres('owner-password'), password);
  });
});
