/**
 * Runs one benchmark: `npm run bench -- NAME [--json]`. Each prints a table; with --json one more line holds the same
 * figures. A benchmark measures its limit or its peer in the same run, because machines differ.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(folder);
const [name, ...options] = process.argv.slice(2);
const source = path.join(folder, `${name}.bench.ts`);

if (!name || !existsSync(source)) {
  const known = readdirSync(folder).flatMap((file) => /^(.+)\.bench\.ts$/.exec(file)?.[1] ?? []);
  console.error(`Usage: npm run bench -- NAME [--json], where NAME is one of: ${known.join(', ')}`);
  process.exit(2);
}

// Benchmarks live beside the built service, so that what runs is the product's own bundle format.
const outfile = path.join(root, '.build', 'bench', `${name}.mjs`);
await build({
  entryPoints: [source],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
});
const { default: bench } = await import(pathToFileURL(outfile).href);
await bench({ root, json: options.includes('--json') });
process.exit(0);
