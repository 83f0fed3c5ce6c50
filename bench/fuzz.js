/**
 * Gives every parser hostile input: `npm run fuzz -- [--seconds N] [--inputs N] [--target NAME] [--reset]`. A run is
 * bounded by its time and goes on where the last one ended; it fails where anything threw, hung or was accepted.
 */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const folder = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(folder);
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    inputs: { type: 'string', default: '1000000' },
    target: { type: 'string' },
    reset: { type: 'boolean', default: false },
  },
});
const outfile = path.join(root, '.build', 'fuzz', 'fuzz.mjs');
await build({
  entryPoints: [path.join(folder, 'support', 'fuzz.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
});
const { runFuzz } = await import(pathToFileURL(outfile).href);
const isClean = runFuzz({
  root,
  seconds: Number(values.seconds),
  inputs: Number(values.inputs),
  only: values.target,
  reset: values.reset,
});
process.exit(isClean ? 0 : 1);
