const PARTS = 10_000;

/**
 * Whether a device belongs to the share of a rollout, 0 to 100 percent. The same device always does or does not; a larger
 * share holds every device of a smaller one; and two rollouts have different devices to begin with.
 */
export function isInShare(rolloutId: string, instanceId: string, percent: number): boolean {
  return hashOf(`${rolloutId}/${instanceId}`) % PARTS < percent * (PARTS / 100);
}

/** FNV-1a of the UTF-16 units, mixed once more as MurmurHash 3 ends, so that near texts are far apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
