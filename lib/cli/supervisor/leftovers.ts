import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessIdentity } from './process-identity';

const PATIENCE_MS = 8_000;
/** How long what was ended takes to be gone, and its ports to be free. */
const END_MS = 2_000;
const POLL_MS = 50;

/**
 * Waits for the children of a supervisor that was killed: they end by themselves when they notice. What has not ended
 * by then is ended.
 */
export async function waitForLeftovers(
  processes: readonly ProcessIdentity[],
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const left = await untilGone(processes, patienceMs);
  for (const { pid } of left) end(pid);
  await untilGone(left, END_MS);
}

/** Those that are left when all are gone, or else the time is over. */
async function untilGone(
  processes: readonly ProcessIdentity[],
  withinMs: number,
): Promise<readonly ProcessIdentity[]> {
  const deadline = performance.now() + withinMs;
  let left = processes.filter(isRunning);
  while (left.length > 0 && performance.now() < deadline) {
    await sleep(POLL_MS);
    left = left.filter(isRunning);
  }
  return left;
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended, or it is somebody else's to end; what it holds is told by whoever needs it.
  }
}
