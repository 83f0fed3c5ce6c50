/*
 * Takes each check of the verifier out in turn, and asks whether a test notices: `node .ci/mutate.js [PART]`, where PART is a
 * part of a file's name. Prints every mutant that nobody noticed, and a summary; fails where there is one. It takes
 * minutes, and is no part of `npm run verify`.
 */
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findMutants } from './mutants.js';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [part = ''] = process.argv.slice(2);
const mutants = findMutants(root).filter(({ file }) => file.includes(part));
const AT_ONCE = Math.min(4, os.availableParallelism());

/** Whether a test fails under the mutant; no mutant, whether one fails without any. */
function isNoticed(mutant) {
  return new Promise((resolve, reject) => {
    const vitest = spawn(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', 'run', '--config', '.ci/vitest.mutants.config.ts', '--bail', '1'],
      { cwd: root, stdio: 'ignore', env: { ...process.env, MUTANT: JSON.stringify(mutant ?? null) } },
    );
    vitest.on('error', reject);
    vitest.on('exit', (code) => resolve(code !== 0));
  });
}

if (await isNoticed(null)) {
  console.error('The tests fail without any mutant.');
  process.exit(2);
}
const survivors = [];
const queue = mutants.values();
async function work() {
  for (const mutant of queue) {
    if (!(await isNoticed(mutant))) survivors.push(mutant);
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
for (const { file, line, what } of survivors) console.log(`SURVIVED ${file}:${line} ${what}`);
console.log(
  `${mutants.length} mutants, ${mutants.length - survivors.length} noticed, ${survivors.length} not`,
);
process.exitCode = survivors.length === 0 ? 0 : 1;
