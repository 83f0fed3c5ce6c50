import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLogFile } from './log-file';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-log-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (name: string) => path.join(folder, name);

test('a log is rotated by size, and keeps four older files', async () => {
  const log = openLogFile(at('full.log'), 4);
  for (const line of ['one\n', 'two\n', 'three\n', 'four\n', 'five\n', 'six\n']) log.write(line);
  log.close();
  expect(await readFile(at('full.log'), 'utf8')).toBe('six\n');
  expect(await readFile(at('full.log.4'), 'utf8')).toBe('two\n');
  expect(existsSync(at('full.log.5'))).toBe(false);
});

// Whatever a child says while the disk is full must not end the supervisor, and everything with it.
test.runIf(existsSync('/dev/full'))('a full disk loses lines, and nothing else', () => {
  const log = openLogFile('/dev/full');
  expect(() => log.write('lost\n')).not.toThrow();
  log.close();
});

test('a log that somebody removed is begun anew', async () => {
  const log = openLogFile(at('removed.log'), 4);
  log.write('before\n');
  await rm(at('removed.log'));
  log.write('after\n');
  log.close();
  expect(await readFile(at('removed.log'), 'utf8')).toBe('after\n');
});

test('a log whose folder is gone loses lines until it is back, and never writes into another file', async () => {
  const log = openLogFile(at('gone.log'), 4);
  log.write('before\n');
  const real = folder;
  folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-log-'));
  await rm(real, { recursive: true });
  expect(() => log.write('lost\n')).not.toThrow();
  const stranger = openLogFile(at('stranger.log'));
  expect(() => log.write('lost too\n')).not.toThrow();
  expect(await readFile(at('stranger.log'), 'utf8')).toBe('');
  stranger.close();
  log.close();
});
