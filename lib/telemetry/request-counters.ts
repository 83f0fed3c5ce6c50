import type { DecisionOutcome } from '@/lib/contracts';
import type { Database } from '@/lib/db';
import { HOUR_MS } from './facet-limiter';
import { inTransactionOnDays } from './partitions';
import type { RequestDelta, RequestEvent } from './request-rows';
import { bucketOf, MINUTE_MS, sortedByKey } from './rollup';
import { addRequestRollups, insertRequestEvents, keepInstances, type Sql } from './store';

/** Distinct rows of counts held between two flushes; beyond, counts lose their app and API. */
const MAX_DELTAS = 20_000;
/** Rows of refused requests held between two flushes; beyond, they are only counted. */
const MAX_EVENTS = 5_000;
/** Rows per second, network prefix and outcome; beyond, refusals are only counted. */
const EVENTS_PER_SOURCE = 10;
const MAX_SOURCES = 20_000;

/** What is counted of one decision. */
export interface CountedDecision {
  readonly appId: string | null;
  readonly apiId: string;
  readonly outcome: DecisionOutcome;
  readonly networkKind: string;
}

/**
 * Decisions for relying parties, counted in memory of bounded size and written once a second: the decision itself waits
 * for no database. A crash may lose the counts and rows of at most the last second; an outage of the database loses
 * no count, but rows beyond the bound.
 */
export class RequestCounters {
  readonly #db: Database;
  readonly #node: string;
  #deltas = new Map<string, RequestDelta>();
  #events: RequestEvent[] = [];
  #sources = new Map<string, number>();
  #sourcesSecond = 0;
  #droppedEvents = 0;

  constructor(db: Database, node: string) {
    this.#db = db;
    this.#node = node;
  }

  /** Refusals that were counted, but not kept as rows. */
  get droppedEvents(): number {
    return this.#droppedEvents;
  }

  /** Counts one decision. */
  count({ appId, apiId, outcome, networkKind }: CountedDecision, nowMs: number): void {
    const bucketMs = bucketOf(nowMs, MINUTE_MS);
    this.#add({ appId: appId ?? '', bucketMs, apiId, outcome, networkKind, requests: 1 });
  }

  /** Whether another row of this kind may be kept this second. Call it once per refusal, before `keep`. */
  admits(networkPrefix: string, outcome: DecisionOutcome, nowMs: number): boolean {
    const second = Math.floor(nowMs / 1000);
    if (second !== this.#sourcesSecond) {
      this.#sourcesSecond = second;
      this.#sources = new Map();
    }
    const name = `${networkPrefix} ${outcome}`;
    const seen = this.#sources.get(name) ?? 0;
    const isNewBeyondBound = seen === 0 && this.#sources.size >= MAX_SOURCES;
    if (seen >= EVENTS_PER_SOURCE || isNewBeyondBound || this.#events.length >= MAX_EVENTS) {
      this.#droppedEvents += 1;
      return false;
    }
    this.#sources.set(name, seen + 1);
    return true;
  }

  /** Keeps a refused request to be written with the next flush. */
  keep(event: RequestEvent): void {
    this.#events.push(event);
  }

  /** Writes what was gathered, in one transaction. What cannot be written is gathered again. */
  async flush(): Promise<void> {
    if (this.#deltas.size === 0 && this.#events.length === 0) return;
    const minutes = sortedByKey(this.#deltas);
    const events = this.#events;
    this.#deltas = new Map();
    this.#events = [];
    const days = [...minutes.map(({ bucketMs }) => bucketMs), ...events.map((event) => event.receivedAtMs)];
    try {
      await inTransactionOnDays(this.#db, days, (sql) => this.#write(sql, minutes, events));
    } catch (error) {
      for (const delta of minutes) this.#add(delta);
      const room = Math.max(0, MAX_EVENTS - this.#events.length);
      this.#droppedEvents += Math.max(0, events.length - room);
      this.#events.unshift(...events.slice(0, room));
      throw error;
    }
  }

  async #write(sql: Sql, minutes: readonly RequestDelta[], events: readonly RequestEvent[]): Promise<void> {
    const kept = await keepInstances(
      sql,
      events.flatMap(({ instanceId }) => instanceId ?? []),
    );
    // A token outlives the erasure of its device by minutes; what it is refused must not be filed under the device again.
    const filed = events.map((event) =>
      event.instanceId === null || kept.has(event.instanceId) ? event : { ...event, instanceId: null },
    );
    await Promise.all([
      minutes.length > 0 && addRequestRollups(sql, 'request_rollup_minutes', minutes, this.#node),
      minutes.length > 0 && addRequestRollups(sql, 'request_rollup_hours', hoursOf(minutes), this.#node),
      filed.length > 0 && insertRequestEvents(sql, filed, this.#node),
    ]);
  }

  #add(delta: RequestDelta): void {
    const name = nameOf(delta);
    const known = this.#deltas.get(name);
    if (known !== undefined) known.requests += delta.requests;
    else if (this.#deltas.size < MAX_DELTAS) this.#deltas.set(name, { ...delta });
    else this.#addAnonymous(delta);
  }

  /** Outcomes, minutes and kinds of networks are few, so this cannot grow without bound. */
  #addAnonymous(delta: RequestDelta): void {
    const anonymous = { ...delta, appId: '', apiId: '' };
    const name = nameOf(anonymous);
    const known = this.#deltas.get(name);
    if (known === undefined) this.#deltas.set(name, anonymous);
    else known.requests += delta.requests;
  }
}

/** The same decisions by the hour, sorted by key. */
function hoursOf(minutes: readonly RequestDelta[]): RequestDelta[] {
  const hours = new Map<string, RequestDelta>();
  for (const minute of minutes) {
    const hour = { ...minute, bucketMs: bucketOf(minute.bucketMs, HOUR_MS) };
    const known = hours.get(nameOf(hour));
    if (known === undefined) hours.set(nameOf(hour), hour);
    else known.requests += hour.requests;
  }
  return sortedByKey(hours);
}

function nameOf({ appId, bucketMs, apiId, outcome, networkKind }: RequestDelta): string {
  return `${appId}\n${bucketMs}\n${apiId}\n${outcome}\n${networkKind}`;
}
