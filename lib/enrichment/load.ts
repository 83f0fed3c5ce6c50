import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { compileDataSet } from './compile';
import { type DataSet, DataSetError, decodeDataSet, encodeDataSet } from './data-set';
import { createNetworks, type Networks } from './networks';
import { NAMES_REVISION } from './operator-names';
import { type NetworkOverrides, NetworksFileError, NO_OVERRIDES, parseOverrides } from './overrides';

/** Raise it when the compiled form changes. */
const REVISION = 1;
const COUNTRY_PACKAGE = '@ip-location-db/geo-whois-asn-country';
const ASN_PACKAGE = '@ip-location-db/asn';

/** Networks ready to be asked, and what keeps them from being known. */
export interface LoadedNetworks {
  readonly networks: Networks;
  /** Present where the kinds and places of addresses will be unknown. */
  readonly warning: string | null;
}

/**
 * Loads the data sets, compiling them where that was not done yet, and the operator's own file. Data sets that are missing
 * or damaged are a warning. They are looked for among the packages that a module at `from` would find.
 * @throws NetworksFileError where the operator's file cannot be used
 */
export async function loadNetworks(
  options: { file?: string | undefined; from?: string } = {},
): Promise<LoadedNetworks> {
  const overrides = options.file === undefined ? NO_OVERRIDES : await readOverrides(options.file);
  try {
    return { networks: createNetworks(await loadDataSet(options.from), overrides), warning: null };
  } catch (error) {
    return { networks: createNetworks(undefined, overrides), warning: warningOf(error) };
  }
}

async function readOverrides(file: string): Promise<NetworkOverrides> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    throw new NetworksFileError(`COUNTERSIGN_NETWORKS_FILE: ${file} cannot be read.`);
  }
  try {
    return parseOverrides(text);
  } catch (error) {
    const why = error instanceof NetworksFileError ? error.message : 'is wrong';
    throw new NetworksFileError(`COUNTERSIGN_NETWORKS_FILE: ${file} ${why}.`);
  }
}

function warningOf(error: unknown): string {
  const why = error instanceof Error ? error.message : 'they cannot be read';
  return `The address data sets cannot be used (${why}): countries and networks will be unknown.`;
}

/**
 * The compiled data set, made first where it is missing. Safe with several processes at once.
 * @throws DataSetError, or what the system said
 */
export async function loadDataSet(from: string = import.meta.url): Promise<DataSet> {
  const file = await ensureDataSet(from);
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const bytes = new Uint8Array(new ArrayBuffer(size));
    const { bytesRead } = await handle.read(bytes, 0, size, 0);
    if (bytesRead !== size) throw new DataSetError(`${file} is cut short`);
    return decodeDataSet(bytes);
  } finally {
    await handle.close();
  }
}

/**
 * Compiles the data sets into the build folder unless that was done.
 * @returns the path of the compiled file
 * @throws DataSetError where they are not installed
 */
export async function ensureDataSet(from: string = import.meta.url): Promise<string> {
  const country = packageFolder(COUNTRY_PACKAGE, from);
  const asn = packageFolder(ASN_PACKAGE, from);
  const folder = path.resolve(asn, '..', '..', '..', '.build', 'networks');
  const file = path.join(folder, `${printOf([country, asn])}.bin`);
  if (existsSync(file)) return file;
  const read = (directory: string, name: string) => readFile(path.join(directory, name), 'utf8');
  const [country4, country6, asn4, asn6] = await Promise.all([
    read(country, 'geo-whois-asn-country-ipv4-num.csv'),
    read(country, 'geo-whois-asn-country-ipv6-num.csv'),
    read(asn, 'asn-ipv4-num.csv'),
    read(asn, 'asn-ipv6-num.csv'),
  ]);
  await place(file, encodeDataSet(compileDataSet({ country4, country6, asn4, asn6 })));
  return file;
}

function packageFolder(name: string, from: string): string {
  try {
    return path.dirname(createRequire(from).resolve(`${name}/package.json`));
  } catch {
    throw new DataSetError(`${name} is not installed`);
  }
}

/** Names what a compiled file was made from: the packages' versions and our own revision. */
function printOf(folders: readonly string[]): string {
  const versions = folders.map((folder) => readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return createHash('sha256')
    .update(JSON.stringify([REVISION, NAMES_REVISION, ...versions]))
    .digest('hex')
    .slice(0, 24);
}

/** The file appears whole; those of other revisions go. */
async function place(file: string, bytes: Uint8Array): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  await writeFile(draft, bytes);
  await rename(draft, file);
  const old = (await readdir(folder)).filter((name) => name.endsWith('.bin') && name !== path.basename(file));
  await Promise.all(old.map((name) => rm(path.join(folder, name), { force: true })));
}
