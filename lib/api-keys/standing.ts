import type { ApiKeySnapshot } from '@/lib/contracts';
import { standingAt } from '@/lib/relying-party';

/**
 * For how long a new version is not given out while its predecessor still holds: every node knows it by then, also one
 * whose wake-up was lost, so that no device comes with a version that a node has never heard of.
 */
export const SETTLE_MS = 3_000;

/** The version that devices are to be given at a time, if there is one: never one that is staged or revoked. */
export function versionToDeliver(
  versions: ApiKeySnapshot['versions'],
  nowMs: number,
): ApiKeySnapshot['versions'][number] | undefined {
  const active = versions.find(({ status }) => status === 'active');
  const isSettled = active !== undefined && nowMs - (active.activatedAtMs ?? 0) >= SETTLE_MS;
  if (isSettled) return active;
  const predecessor = versions
    .filter((version) => standingAt(version, nowMs) === 'retiring')
    .sort((a, b) => b.version - a.version)[0];
  // A predecessor about to end is no use to a device that is given it now.
  const holds = (predecessor?.retiresAtMs ?? 0) - nowMs > SETTLE_MS;
  return active !== undefined && !holds ? active : predecessor;
}
