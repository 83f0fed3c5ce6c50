import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles an entry as the product is bundled, into a folder of its own inside the project, so that the bundle finds its packages.
 * Whoever asks removes the folder.
 */
export async function bundleEntry(entry: string): Promise<{ folder: string; file: string }> {
  const folder = await mkdtemp(path.resolve('.build', 'service-test-'));
  const file = path.join(folder, 'entry.mjs');
  await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'silent',
  });
  return { folder, file };
}
