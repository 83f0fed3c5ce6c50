import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessIdentity } from './process-identity';

const PATIENCE_MS = 8_000;
const POLL_MS = 50;

/**
 * Waits for the children of a supervisor that was killed: they end by themselves when they notice. What has not ended
 * by then is ended.
 */
export async function waitForLeftovers(processes: readonly ProcessIdentity[]): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  let left = processes.filter(isRunning);
  while (left.length > 0 && performance.now() < deadline) {
    await sleep(POLL_MS);
    left = left.filter(isRunning);
  }
  for (const { pid } of left) process.kill(pid, 'SIGKILL');
}
