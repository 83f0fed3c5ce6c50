import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureBundle } from './bundle.js';

let root: string;

/** A project with the product's entry points, each of one line. */
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'countersign-bundle-'));
  await Promise.all(
    ['lib/cli/supervisor', 'lib/service', 'lib/core'].map((folder) =>
      mkdir(path.join(root, folder), { recursive: true }),
    ),
  );
  await symlink(path.resolve('node_modules'), path.join(root, 'node_modules'));
  await cp('lib/cli/bundle.js', path.join(root, 'lib/cli/bundle.js'));
  await write('package.json', '{ "type": "module" }');
  await write('tsconfig.json', '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }');
  await write('lib/core/answer.ts', 'export const answer: number = 41;');
  await write('lib/cli/main.ts', "export { answer } from '@/lib/core/answer';");
  await write('lib/service/main.ts', 'export {};');
  await write('lib/cli/supervisor/console-guard.ts', 'export {};');
});

afterEach(() => rm(root, { recursive: true, force: true }));

const write = (file: string, text: string) => writeFile(path.join(root, file), text);

async function bundleInOwnProcess(): Promise<string> {
  const program = `import('./lib/cli/bundle.js').then(({ ensureBundle }) => ensureBundle(process.cwd())).then(console.log)`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--eval', program], { cwd: root });
  return stdout.trim();
}

async function answerOf(bundle: string): Promise<unknown> {
  const { answer } = (await import(pathToFileURL(path.join(bundle, 'cli.mjs')).href)) as { answer: unknown };
  return answer;
}

describe('the bundle', () => {
  it('is made where there is none, and used again while nothing changes', async () => {
    const first = await ensureBundle(root);
    expect(await answerOf(first)).toBe(41);
    expect(await ensureBundle(root)).toBe(first);
  });

  it('is made anew when a source changes, even to one of the same size', async () => {
    const first = await ensureBundle(root);
    await write('lib/core/answer.ts', 'export const answer: number = 42;');
    const second = await ensureBundle(root);
    expect(second).not.toBe(first);
    expect(await answerOf(second)).toBe(42);
  });

  it('is not made anew when only times change, as in a copy or a checkout', async () => {
    const first = await ensureBundle(root);
    await utimes(path.join(root, 'lib/core/answer.ts'), new Date(0), new Date(0));
    expect(await ensureBundle(root)).toBe(first);
  });

  it('appears whole, with several processes at once', async () => {
    const bundles = await Promise.all(Array.from({ length: 4 }, () => bundleInOwnProcess()));
    expect(new Set(bundles).size).toBe(1);
    const left = await readdir(path.join(root, '.build', 'bundle'));
    expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('names the file and line where the sources do not compile', async () => {
    await write('lib/core/answer.ts', 'export const answer = ;');
    await expect(ensureBundle(root)).rejects.toThrow(/lib\/core\/answer\.ts:1: /);
  });
});
