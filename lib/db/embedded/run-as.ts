import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** User and group that Postgres runs as, where we are root; nothing where it runs as ourselves. */
export type RunAs = { uid: number; gid: number } | undefined;

/** Starts a program of Postgres as its user. */
export type Launcher = (program: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

const SETPRIV = '/usr/bin/setpriv';
/** Bit of CAP_DAC_READ_SEARCH (capabilities(7)): to read and to pass through folders, not to write. */
const DAC_READ_SEARCH = 2n;

/**
 * A launcher for programs that work on these files. Where our user may not pass through the folders on the way, as in
 * root's home, the programs get the one capability to do so, and no other.
 * @throws Error naming the folder, where that cannot be had either.
 */
export async function launcherFor(runAs: RunAs, files: readonly string[]): Promise<Launcher> {
  if (!runAs) return (program, args, options) => spawn(program, args, options);
  const barrier = await firstBarrier(files, runAs);
  if (barrier === undefined)
    return (program, args, options) => spawn(program, args, { ...options, ...runAs });
  if (!existsSync(SETPRIV) || !(await mayGrant(DAC_READ_SEARCH))) {
    throw new Error(
      `Postgres cannot run as root, and its own user may not pass through ${barrier}. ` +
        'Move Countersign to a folder that everybody may pass through, such as /opt, or set DATABASE_URL.',
    );
  }
  const only = '-all,+dac_read_search';
  const flags = [
    `--reuid=${runAs.uid}`,
    `--regid=${runAs.gid}`,
    '--clear-groups',
    '--no-new-privs',
    // Postgres asks access(2) about its own programs, which otherwise leaves capabilities out.
    '--securebits=+no_setuid_fixup',
    `--inh-caps=${only}`,
    `--ambient-caps=${only}`,
    `--bounding-set=${only}`,
  ];
  return (program, args, options) => spawn(SETPRIV, [...flags, '--', program, ...args], options);
}

/** The first folder on the way to the files that the user may not pass through. */
async function firstBarrier(files: readonly string[], user: { uid: number; gid: number }) {
  for (const file of files) {
    const { root } = path.parse(file);
    const names = path.relative(root, path.dirname(file)).split(path.sep);
    for (let depth = 0; depth <= names.length; depth++) {
      const folder = path.join(root, ...names.slice(0, depth));
      const { uid, gid, mode } = await stat(folder);
      const searchable = uid === user.uid ? mode & 0o100 : gid === user.gid ? mode & 0o010 : mode & 0o001;
      if (!searchable) return folder;
    }
  }
  return undefined;
}

/** Whether a capability is within the bounds of this process, which a container may have narrowed. */
async function mayGrant(capability: bigint): Promise<boolean> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const bounds = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return bounds !== undefined && (BigInt(`0x${bounds}`) & (1n << capability)) !== 0n;
}
