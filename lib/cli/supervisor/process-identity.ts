import { readFileSync } from 'node:fs';

/** A process, so that a later one with the same number is not taken for it. */
export interface ProcessIdentity {
  pid: number;
  /** Kernel's start time in ticks since boot; `null` where the platform does not tell. */
  startTicks: string | null;
}

/** Identifies a running process, by default this one. */
export function identify(pid = process.pid): ProcessIdentity {
  return { pid, startTicks: startTicks(pid) };
}

/** Whether the very process is still running. */
export function isRunning({ pid, startTicks: known }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return known === null || startTicks(pid) === known;
}

function startTicks(pid: number): string | null {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command, in parentheses, may hold spaces; the start time is the 20th field after it.
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
