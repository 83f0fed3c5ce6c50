import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Programs of the product, by the name of their bundle. */
const ENTRY_POINTS = {
  cli: 'lib/cli/main.ts',
  service: 'lib/service/main.ts',
  'console-guard': 'lib/cli/supervisor/console-guard.ts',
};
/** What a bundle depends on besides the sources in it. */
const SETTINGS = ['package.json', 'tsconfig.json', 'lib/cli/bundle.js'];
/** A running process may still load parts of the bundle that it was started from. */
const BUNDLES_KEPT = 4;

const digest = (content) => createHash('sha256').update(content).digest('base64url');

/**
 * Returns the folder of an up-to-date bundle of the command and the service, making it first where the sources have
 * changed. Safe with several processes at once: a bundle appears whole, under a name that its sources determine.
 */
export async function ensureBundle(root) {
  const folder = path.join(root, '.build', 'bundle');
  const manifest = readManifest(folder);
  const current = manifest && path.join(folder, manifest.name);
  if (current && existsSync(path.join(current, 'cli.mjs')) && isFresh(manifest, root)) return current;
  return makeBundle(root, folder);
}

/** Whether every source is what it was: unchanged by time and size, or else by content. */
export function isFresh(manifest, root) {
  return Object.entries(manifest.inputs).every(([file, known]) => {
    const at = path.join(root, file);
    const now = statSync(at, { throwIfNoEntry: false });
    if (!now) return false;
    if (now.mtimeMs === known.mtimeMs && now.size === known.size) return true;
    return now.size === known.size && digest(readFileSync(at)) === known.digest;
  });
}

function readManifest(folder) {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

async function makeBundle(root, folder) {
  const { outputFiles, inputs } = await compile(root);
  const prints = Object.fromEntries(inputs.map((file) => [file, fingerprint(path.join(root, file))]));
  const name = digest(JSON.stringify(Object.entries(prints).map(([file, { digest }]) => [file, digest])));
  await placeBundle(path.join(folder, name), outputFiles);
  const draft = path.join(folder, `manifest-${randomBytes(6).toString('hex')}.tmp`);
  await writeFile(draft, JSON.stringify({ name, inputs: prints }));
  await rename(draft, path.join(folder, 'manifest.json'));
  await removeOldBundles(folder, name);
  return path.join(folder, name);
}

async function compile(root) {
  const { build, stop } = await import('esbuild');
  const result = await build({
    absWorkingDir: root,
    entryPoints: ENTRY_POINTS,
    outdir: 'out',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    metafile: true,
    write: false,
    logLevel: 'silent',
    tsconfig: 'tsconfig.json',
  }).catch((error) => {
    const [first] = error.errors ?? [];
    const where = first?.location ? `${first.location.file}:${first.location.line}: ` : '';
    throw new Error(`the sources do not compile: ${where}${first?.text ?? error.message}`);
  });
  // Its helper process would stay for as long as we do.
  await stop();
  const inputs = [...new Set([...Object.keys(result.metafile.inputs), ...SETTINGS])].sort();
  return { outputFiles: result.outputFiles, inputs };
}

function fingerprint(file) {
  const { mtimeMs, size } = statSync(file);
  return { mtimeMs, size, digest: digest(readFileSync(file)) };
}

async function placeBundle(target, outputFiles) {
  if (existsSync(target)) return;
  const draft = `${target}-${randomBytes(6).toString('hex')}.tmp`;
  await mkdir(draft, { recursive: true });
  await Promise.all(
    outputFiles.map(({ path: file, contents }) => writeFile(path.join(draft, path.basename(file)), contents)),
  );
  await rename(draft, target).catch(async (error) => {
    await rm(draft, { recursive: true, force: true });
    // Another process was first with the same sources.
    if (!existsSync(target)) throw error;
  });
}

async function removeOldBundles(folder, current) {
  const names = (await readdir(folder)).filter((name) => name !== current && name !== 'manifest.json');
  const aged = await Promise.all(
    names.map(async (name) => ({
      name,
      at: (await stat(path.join(folder, name)).catch(() => null))?.mtimeMs ?? 0,
    })),
  );
  const old = aged.sort((a, b) => b.at - a.at).slice(BUNDLES_KEPT - 1);
  await Promise.all(old.map(({ name }) => rm(path.join(folder, name), { recursive: true, force: true })));
}
