import type { AttestationRow, LiveMessage } from '@/lib/contracts';

/** How many of the newest attestations are shown. */
export const NEWEST_COUNT = 12;

/** The rows of a live message that belong to the apps that are looked at; none means all of them. */
export function arrivalsFor(
  message: Pick<LiveMessage<'attestations'>, 'rows'>,
  apps: readonly string[],
): AttestationRow[] {
  return message.rows.filter((row) => apps.length === 0 || apps.includes(row.appId));
}

/**
 * Whether a live message leaves open which rows are the newest: it carries at most some of what happened, and too few of
 * those that are looked at.
 */
export function leavesOpen(message: LiveMessage<'attestations'>, apps: readonly string[]): boolean {
  const carried = arrivalsFor(message, apps).length;
  const happened = message.counts
    .filter(({ appId }) => apps.length === 0 || apps.includes(appId))
    .reduce((sum, { events }) => sum + events, 0);
  return carried < Math.min(happened, NEWEST_COUNT);
}

/** The newest of both, each once, newest first. */
export function mergeNewest(
  known: readonly AttestationRow[],
  arrived: readonly AttestationRow[],
): AttestationRow[] {
  const byId = new Map([...known, ...arrived].map((row) => [row.id, row]));
  return [...byId.values()]
    .sort((a, b) => b.receivedAt.localeCompare(a.receivedAt) || b.id.localeCompare(a.id))
    .slice(0, NEWEST_COUNT);
}
