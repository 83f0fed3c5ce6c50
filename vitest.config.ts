import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const alias = { '@': path.dirname(fileURLToPath(import.meta.url)) };

export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['{app,components,lib,drizzle,bench}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.db.test.ts', '**/*.thorough.test.ts', 'node_modules'],
          pool: 'threads',
          // Nothing here does I/O or keeps state in modules: loading each module once halves the time of a run.
          isolate: false,
          // Key derivation and fuzzing on a busy machine.
          testTimeout: 60_000,
        },
      },
      {
        // As pure as the unit tests, but seconds each: random histories, hostile inputs by the thousand, other libraries.
        resolve: { alias },
        test: {
          name: 'thorough',
          include: ['lib/**/*.thorough.test.ts'],
          pool: 'threads',
          isolate: false,
          testTimeout: 120_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'db',
          include: ['{app,lib,drizzle}/**/*.db.test.ts'],
          globalSetup: ['drizzle/testing/global-setup.ts'],
          // They wait more than they work: on two cores, one file at a time left a core idle.
          maxWorkers: Math.max(2, os.availableParallelism() - 1),
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
