import { LIVE_ROWS_PER_SECOND, type LiveMessage, type Verdict } from '@/lib/contracts';
import type { Executor } from '@/lib/db';
import { listRecentEvents, type RecentEvent, readRecentRows } from '@/lib/telemetry/queries';

/** An event commits at most this long after it was received: the service gives up on slower commits. */
export const OVERLAP_SECONDS = 5;

/** Counts by app and verdict, most frequent first. */
export function countEvents(events: readonly RecentEvent[]): LiveMessage<'attestations'>['counts'] {
  const counts = new Map<string, { appId: string; verdict: Verdict; events: number }>();
  for (const { appId, verdict } of events) {
    const key = JSON.stringify([appId, verdict]);
    const count = counts.get(key) ?? { appId, verdict, events: 0 };
    count.events += 1;
    counts.set(key, count);
  }
  return [...counts.values()].sort((a, b) => b.events - a.events);
}

/**
 * Remembers which events were told already. Each is told once, although the spans that are looked through overlap.
 */
export class SeenEvents {
  #previous: ReadonlySet<string> = new Set();
  #latest: ReadonlySet<string> = new Set();

  /** Those of a span that are new; from then on they, and the span before, count as told. */
  takeNew(span: readonly RecentEvent[]): RecentEvent[] {
    const fresh = span.filter(({ id }) => !this.#latest.has(id) && !this.#previous.has(id));
    this.#previous = this.#latest;
    this.#latest = new Set(span.map((event) => event.id));
    return fresh;
  }
}

/** What was committed since the last look: counts of all, rows of the newest. `undefined` where there was nothing. */
export async function readNewAttestations(
  db: Executor,
  seen: SeenEvents,
): Promise<Omit<LiveMessage<'attestations'>, 'serverTime'> | undefined> {
  const fresh = seen.takeNew(await listRecentEvents(db, OVERLAP_SECONDS));
  if (fresh.length === 0) return undefined;
  const newest = fresh.slice(0, LIVE_ROWS_PER_SECOND).map((event) => event.id);
  // A second more, so that the oldest of them is not lost between the two queries.
  const rows = await readRecentRows(db, newest, OVERLAP_SECONDS + 1);
  return { counts: countEvents(fresh), rows };
}
