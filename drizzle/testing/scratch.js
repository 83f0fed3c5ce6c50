import { accessSync, constants, statfsSync } from 'node:fs';
import os from 'node:os';

const MEMORY = '/dev/shm';
/** Several times what two runs at once keep there: copies of the template, servers of some tests' own, and their logs. */
const NEEDED_BYTES = 2 * 1024 ** 3;

/**
 * Where the tests' database servers keep their files: in memory where there is plenty of it, and the temporary folder
 * elsewhere. A copy of the template is well over a thousand files, which some disks take a second to make; memory takes 40 ms.
 */
export function scratchFolder() {
  try {
    accessSync(MEMORY, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    // The room of the file system is a promise only; the memory for it has to be there, within our control group too.
    const hasRoom = bavail * bsize >= NEEDED_BYTES && (process.availableMemory?.() ?? 0) >= 2 * NEEDED_BYTES;
    return hasRoom ? MEMORY : os.tmpdir();
  } catch {
    return os.tmpdir();
  }
}
