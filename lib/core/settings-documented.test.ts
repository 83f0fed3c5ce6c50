import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const read = (file: string) => readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');

const settings = [...read('lib/core/env.ts').matchAll(/^ {2}((?:COUNTERSIGN|DATABASE)_[A-Z_]+):/gm)].map(
  (match) => match[1],
);
const documented = [...read('docs/operate.md').matchAll(/^\| `([A-Z_]+)` +\|/gm)].map((match) => match[1]);

describe('docs/operate.md', () => {
  it('has a row for every setting, and none for what does not exist', () => {
    expect(settings.length).toBeGreaterThan(10);
    expect([...documented].sort()).toEqual([...settings].sort());
  });
});
