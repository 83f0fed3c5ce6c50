/** Everything: `npm test`. The last line is "N passed, N failed", summed over all runners. */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { provideChromium, provideNginx, providePostgres15 } from './provision.js';
import { bin, check, countPlaywright, reports, root, run, sum, take, vitest } from './steps.js';
import { verify } from './verify.js';

/**
 * What an older server is asked: whatever puts its own SQL to it. Left out are those that bring a Postgres of their own,
 * and those of processes, HTTP and sign-in, whose SQL the others have put to it already.
 */
const NOT_ON_POSTGRES_15 = [
  'lib/cli/**',
  'lib/db/embedded/**',
  'lib/auth/*.db.test.ts',
  'lib/live/**',
  ...['api-keys', 'endorsements', 'faults', 'hostile', 'main', 'relying-parties', 'revocation', 'vault'].map(
    (name) => `lib/service/${name}.db.test.ts`,
  ),
];

const skip = (what, why) => console.log(`skip           ${what}: ${why}`);

/** On both servers at once: each waits more than it works. What needs neither fills the gaps. */
async function databaseTests() {
  const thorough = take(vitest('thorough tests', 'thorough'));
  return sum(await Promise.all([onEmbeddedPostgres(), onPostgres15(), thorough]));
}

function onEmbeddedPostgres() {
  return take(
    vitest('database tests on the embedded Postgres', 'db', { env: { COUNTERSIGN_TEST_DATABASE_URL: '' } }),
  );
}

async function onPostgres15() {
  const server = await providePostgres15();
  if (server.problem) {
    skip('database tests on PostgreSQL 15', server.problem);
    return sum([]);
  }
  try {
    const options = {
      env: { COUNTERSIGN_TEST_DATABASE_URL: server.url },
      args: NOT_ON_POSTGRES_15.flatMap((file) => ['--exclude', file]),
    };
    return await take(vitest('database tests on PostgreSQL 15', 'db', options));
  } finally {
    await server.stop();
  }
}

async function browserTests() {
  const build = await take(check('build', process.execPath, ['lib/cli/bin.js', 'build']));
  if (build.failed > 0) return build;
  const chromium = await provideChromium();
  if (chromium.problem) {
    console.log(`FAIL           browser tests: ${chromium.problem}.`);
    return sum([build, { passed: 0, failed: 1 }]);
  }
  const nginx = await provideNginx();
  if (nginx.problem) skip('the test behind nginx', nginx.problem);
  skip('pictures of every page', 'taken on request only, with E2E_SCREENSHOTS=1');
  const report = path.join(reports, 'e2e.json');
  rmSync(report, { force: true });
  const env = {
    E2E_CHROMIUM: chromium.path,
    E2E_NGINX: nginx.path ?? '',
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  };
  const e2e = await take({
    name: 'browser tests',
    execute: () =>
      run(bin('playwright'), ['test', '--project=service', '--project=console', '--reporter=list,json'], {
        env,
      }),
    count: (result) => countPlaywright(report, result),
  });
  return sum([build, e2e]);
}

const { passed, failed, failures } = sum([await verify(), await databaseTests(), await browserTests()]);
// Said once more where whoever reads the end of a long log finds it.
for (const failure of failures) console.log(`failed: ${failure}`);
const line = `${passed} passed, ${failed} failed`;
writeFileSync(path.join(root, '.build', 'reports', 'summary.txt'), `${line}\n`);
console.log(line);
process.exitCode = failed === 0 ? 0 : 1;
