import { closeSync, existsSync, openSync, renameSync, statSync, writeSync } from 'node:fs';

const MAX_BYTES = 10 * 1024 * 1024;
const FILES_KEPT = 4;

/** An append-only log of one process. */
export interface LogFile {
  write(chunk: Uint8Array | string): void;
  close(): void;
}

/** Opens a log that is rotated by size: at 10 MiB `x.log` becomes `x.log.1`, and so on up to `.4`. */
export function openLogFile(file: string, maxBytes = MAX_BYTES): LogFile {
  let descriptor = openSync(file, 'a', 0o600);
  let size = statSync(file).size;
  return {
    write(chunk) {
      if (size >= maxBytes) {
        closeSync(descriptor);
        rotate(file);
        descriptor = openSync(file, 'a', 0o600);
        size = 0;
      }
      size += typeof chunk === 'string' ? writeSync(descriptor, chunk) : writeSync(descriptor, chunk);
    },
    close: () => closeSync(descriptor),
  };
}

function rotate(file: string): void {
  for (let number = FILES_KEPT - 1; number >= 1; number--) {
    if (existsSync(`${file}.${number}`)) renameSync(`${file}.${number}`, `${file}.${number + 1}`);
  }
  renameSync(file, `${file}.1`);
}
