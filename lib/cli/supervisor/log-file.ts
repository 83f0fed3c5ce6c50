import { closeSync, existsSync, openSync, renameSync, statSync, writeSync } from 'node:fs';

const MAX_BYTES = 10 * 1024 * 1024;
const FILES_KEPT = 4;

/** An append-only log of one process. */
export interface LogFile {
  /** Never throws: what a full disk or a missing folder does not take is lost. */
  write(chunk: Uint8Array | string): void;
  close(): void;
}

/**
 * Opens a log that is rotated by size: at 10 MiB `x.log` becomes `x.log.1`, and so on up to `.4`.
 * @throws what the system says where the file cannot be opened
 */
export function openLogFile(file: string, maxBytes = MAX_BYTES): LogFile {
  let size = 0;
  const open = () => {
    const opened = openSync(file, 'a', 0o600);
    size = statSync(file).size;
    return opened;
  };
  /** Absent between a rotation and the next time that the file can be opened: a closed number may be another file's. */
  let descriptor: number | undefined = open();
  const close = () => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };
  return {
    write: (chunk) =>
      unlessItFails(() => {
        if (size >= maxBytes) {
          close();
          rotate(file);
          size = 0;
        }
        descriptor ??= open();
        size += typeof chunk === 'string' ? writeSync(descriptor, chunk) : writeSync(descriptor, chunk);
      }),
    close: () => unlessItFails(close),
  };
}

function rotate(file: string): void {
  for (let number = FILES_KEPT - 1; number >= 1; number--) {
    if (existsSync(`${file}.${number}`)) renameSync(`${file}.${number}`, `${file}.${number + 1}`);
  }
  if (existsSync(file)) renameSync(file, `${file}.1`);
}

function unlessItFails(work: () => void): void {
  try {
    work();
  } catch {
    // There is nowhere left to tell, and a log is not worth ending for.
  }
}
