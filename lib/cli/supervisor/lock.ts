import { randomBytes } from 'node:crypto';
import { link, rename, rm } from 'node:fs/promises';
import { CliError } from '../command';
import { createFile, readIfPresent } from './files';
import { identify, isRunning, type ProcessIdentity } from './process-identity';

/** Holds a data directory for one process. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes the lock file, also from a process that is gone.
 * @throws CliError where the process that holds it is running.
 */
export async function takeLock(file: string, directory: string): Promise<Lock> {
  for (;;) {
    if (await createFile(file, JSON.stringify(identify())))
      return { release: () => rm(file, { force: true }) };
    const content = await readIfPresent(file);
    if (content === undefined) continue;
    const holder = parseHolder(content);
    if (holder && isRunning(holder)) {
      throw new CliError(`Countersign is already running on ${directory} (process ${holder.pid}).`);
    }
    await removeStale(file, content);
  }
}

/** Removes the lock if it is still the one that was read: another process may have replaced it meanwhile. */
async function removeStale(file: string, content: string): Promise<void> {
  const aside = `${file}.${randomBytes(6).toString('hex')}.stale`;
  await rename(file, aside).catch(() => undefined);
  const moved = await readIfPresent(aside);
  if (moved !== undefined && moved !== content) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

function parseHolder(content: string): ProcessIdentity | undefined {
  try {
    const { pid, startTicks } = JSON.parse(content) as ProcessIdentity;
    return Number.isInteger(pid) && pid > 0 ? { pid, startTicks } : undefined;
  } catch {
    return undefined;
  }
}
