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
/** A machine that is busy, or was stopped, lets tests run out of their time: that is no finding of a test. */
const ATTEMPTS = 3;
const RAN_OUT_OF_TIME = /timed out/i;

/** The report of the verifier's tests under a mutant; no mutant, of the tests as they are. */
function runTests(mutant) {
  return new Promise((resolve, reject) => {
    const vitest = spawn(
      process.execPath,
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--config',
        '.ci/vitest.mutants.config.ts',
        '--bail=1',
        '--reporter=json',
      ],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, MUTANT: JSON.stringify(mutant ?? null) },
      },
    );
    const output = [];
    vitest.stdout.on('data', (chunk) => output.push(chunk));
    vitest.on('error', reject);
    vitest.on('close', () => resolve(readReport(Buffer.concat(output).toString('utf8'))));
  });
}

/** Failed tests by name, and whether anything ran at all: code that does not load is no mutant that was noticed. */
function readReport(text) {
  const start = text.indexOf('{"');
  if (start === -1) return { passed: 0, failed: [] };
  const { testResults, numPassedTests } = JSON.parse(text.slice(start));
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => ({
      name: fullName,
      ranOutOfTime: failureMessages.some((message) => RAN_OUT_OF_TIME.test(message)),
    }));
  return { passed: numPassedTests, failed };
}

/** The test that notices a mutant, or that fails without any; `null` where none does. */
async function noticedBy(mutant) {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { passed, failed } = await runTests(mutant);
    const found = failed.find(({ ranOutOfTime }) => !ranOutOfTime);
    if (found !== undefined) return found.name;
    if (failed.length === 0 && passed > 0) return null;
  }
  throw new Error(`The tests do not run to an end with ${mutant === null ? 'no mutant' : nameOf(mutant)}.`);
}

const nameOf = ({ file, line, what }) => `${file}:${line} ${what}`;

/** What a mutant belongs to: the folder of its format, or what all formats share. */
function partOf({ file }) {
  const folder = path.basename(path.dirname(file));
  return folder === 'evidence' ? 'shared' : folder;
}

const startedAt = performance.now();
const failing = await noticedBy(null);
if (failing !== null) {
  console.error(`The tests fail without any mutant: ${failing}`);
  process.exit(2);
}
const survivors = [];
const summary = Object.fromEntries(
  mutants.map((mutant) => [partOf(mutant), { mutants: 0, noticed: 0, survived: 0 }]),
);
let done = 0;
const queue = mutants.values();
async function work() {
  for (const mutant of queue) {
    const test = await noticedBy(mutant);
    const row = summary[partOf(mutant)];
    row.mutants += 1;
    row[test === null ? 'survived' : 'noticed'] += 1;
    if (test === null) survivors.push(mutant);
    done += 1;
    const how = test === null ? 'SURVIVED' : `noticed by "${test}"`;
    console.log(`${done}/${mutants.length} ${nameOf(mutant)}: ${how}`);
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
console.log(`\none check at a time left out, Node ${process.version}\n`);
console.table(summary);
for (const mutant of survivors) console.log(`SURVIVED ${nameOf(mutant)}`);
const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
console.log(
  `${mutants.length} mutants, ${mutants.length - survivors.length} noticed, ${survivors.length} not, in ${minutes} minutes`,
);
process.exitCode = survivors.length === 0 ? 0 : 1;
