import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the project. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** Where the runners leave their reports. */
export const reports = path.join(root, '.build', 'reports');
mkdirSync(reports, { recursive: true });

/** Path of a program that npm installed. */
export const bin = (name) => path.join(root, 'node_modules', '.bin', name);

/**
 * Runs a program. With `quiet` its output is kept, and shown only where it fails.
 * @returns whether it ended with status 0, and its output.
 */
export function run(command, args, { quiet = false, env = {}, timeoutMs = 0 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...(quiet ? { NO_COLOR: '1' } : {}), ...env },
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
      timeout: timeoutMs,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk;
      });
    }
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/** A step that counts as one test: a check that passes or fails as a whole. */
export function check(name, command, args) {
  return {
    name,
    execute: () => run(command, args, { quiet: true }),
    count: ({ ok }) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 }),
  };
}

/** A step that runs a project of vitest and counts its tests. */
export function vitest(name, project, { args = [], env = {}, quiet = true } = {}) {
  const report = path.join(reports, `${name.replaceAll(/[^a-z0-9]+/gi, '-')}.json`);
  const flags = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  return {
    name,
    execute: () => {
      rmSync(report, { force: true });
      return run(bin('vitest'), [...flags, ...args], { quiet, env });
    },
    count: (result) => countVitest(report, result),
  };
}

function countVitest(report, { ok }) {
  const json = readReport(report);
  if (!json) return { passed: 0, failed: 1 };
  // A file that cannot be loaded has no tests, and fails all the same.
  const broken = json.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failures = json.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(
        ({ fullName, failureMessages }) =>
          `${path.relative(root, name)}: ${fullName}: ${firstLine(failureMessages)}`,
      ),
  );
  failures.push(
    ...broken.map(({ name, message }) => `${path.relative(root, name)}: ${firstLine([message])}`),
  );
  const failed = json.numFailedTests + broken.length;
  return { passed: json.numPassedTests, failed: ok ? failed : Math.max(failed, 1), failures };
}

const firstLine = ([message]) => String(message ?? '').split('\n', 1)[0];

/** Counts of Playwright's report. */
export function countPlaywright(report, { ok }) {
  const json = readReport(report);
  if (!json) return { passed: 0, failed: 1 };
  const { expected, flaky, unexpected } = json.stats;
  const failed = unexpected + json.errors.length;
  const failures = specsOf(json)
    .filter((spec) => !spec.ok)
    .map((spec) => `${spec.file}: ${spec.title}`);
  return { passed: expected + flaky, failed: ok ? failed : Math.max(failed, 1), failures };
}

const specsOf = ({ suites = [], specs = [] }) => [...specs, ...suites.flatMap(specsOf)];

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** Runs one step, says how it went, and gives its counts. */
export async function take({ name, execute, count }) {
  const startedAt = performance.now();
  const result = await execute();
  const { passed, failed, failures = failed > 0 ? [name] : [] } = count(result);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6);
  console.log(
    `${failed === 0 ? 'ok  ' : 'FAIL'} ${seconds} s  ${name}  (${passed} passed, ${failed} failed)`,
  );
  if (failed > 0 && result.output) console.log(result.output.trimEnd());
  return { passed, failed, failures };
}

/** The sum of several counts, and what failed in all of them. */
export function sum(counts) {
  const total = { passed: 0, failed: 0, failures: [] };
  for (const { passed, failed, failures = [] } of counts) {
    total.passed += passed;
    total.failed += failed;
    total.failures.push(...failures);
  }
  return total;
}
