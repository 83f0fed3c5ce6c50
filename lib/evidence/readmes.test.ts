import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const FOLDER = import.meta.dirname;
/** `check('id', …)`: how a verification names each of its steps. */
const STEP = /\bcheck\(\s*'([a-z_]+)'/g;

/** Ids of every check that the sources of a folder make. */
function checksOf(folder: string): string[] {
  const sources = readdirSync(path.join(FOLDER, folder))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(path.join(FOLDER, folder, name), 'utf8'));
  const ids = sources.flatMap((source) => [...source.matchAll(STEP)].map(([, id = '']) => id));
  return [...new Set(ids)];
}

describe('the README', () => {
  it.each([
    ['apple', 20],
    ['android', 20],
    ['play', 10],
    ['dev', 10],
    ['.', 3],
  ])('of %s maps every check to its step', (folder, least) => {
    const readme = readFileSync(path.join(FOLDER, folder, 'README.md'), 'utf8');
    const checks = checksOf(folder);
    expect(checks.length).toBeGreaterThan(least);
    expect(checks.filter((id) => !readme.includes(`\`${id}\``))).toEqual([]);
  });
});
