#!/usr/bin/env node
// The `countersign` command. It runs straight from the sources: the bundle is made when it is missing or stale.
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureBundle } from './bundle.js';

const OLDEST_NODE = [20, 9];

function supportsThisNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

async function run() {
  if (!supportsThisNode()) {
    console.error(`countersign: needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.version}.`);
    return 1;
  }
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
  const bundle = await ensureBundle(root);
  const { main } = await import(pathToFileURL(path.join(bundle, 'cli.mjs')).href);
  return main(process.argv.slice(2), { root, bundle });
}

try {
  process.exitCode = await run();
} catch (error) {
  console.error(`countersign: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
