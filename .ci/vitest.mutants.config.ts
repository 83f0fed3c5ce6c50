import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

interface Mutant {
  file: string;
  start: number;
  end: number;
  text: string;
}
const mutant = JSON.parse(process.env.MUTANT ?? 'null') as Mutant | null;

/** The tests of the verifier, with one change made to it. Neither random input nor other implementations are asked. */
export default defineConfig({
  root,
  resolve: { alias: { '@': root } },
  plugins: [
    {
      name: 'mutant',
      enforce: 'pre',
      transform(code, id) {
        if (mutant === null || id.split('?')[0] !== path.join(root, mutant.file)) return null;
        return { code: code.slice(0, mutant.start) + mutant.text + code.slice(mutant.end), map: null };
      },
    },
  ],
  test: {
    include: ['lib/evidence/**/*.test.ts'],
    exclude: ['**/fuzz.test.ts', '**/*.thorough.test.ts', '**/*.db.test.ts'],
    pool: 'threads',
    isolate: false,
    fileParallelism: false,
    testTimeout: 20_000,
  },
});
