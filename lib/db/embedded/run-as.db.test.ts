import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../open';
import { startEmbeddedPostgres } from './start';

let folder: string;
beforeEach(async () => {
  // Mode 0700, as root's home has.
  folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-barrier-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe.runIf(process.getuid?.() === 0)('started by root in a folder that nobody else may enter', () => {
  it('runs as another user, which may read there and nothing more', async () => {
    const directory = path.join(folder, 'postgres');
    const server = await startEmbeddedPostgres({ directory, root: process.cwd() });
    try {
      const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
      expect(status).not.toMatch(/^Uid:\s+0\s/m);
      expect(status).toMatch(/^CapEff:\s+0000000000000004$/m);
      expect(status).toMatch(/^CapBnd:\s+0000000000000004$/m);
      const database = openDatabase({ url: server.ownerUrl, applicationName: 'test', max: 1 });
      await database.sql`select 1`.finally(() => database.close());
    } finally {
      await server.stop();
    }
  });
});
