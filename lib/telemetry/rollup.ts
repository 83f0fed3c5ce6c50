import { type BoundedEvent, type Facets, HOUR_MS } from './facet-limiter';

/** Events to be added to one row of a rollup table. */
export interface RollupDelta {
  readonly appId: string;
  readonly bucketMs: number;
  readonly facets: Facets;
  events: number;
  latencyUs: number;
}

export const MINUTE_MS = 60_000;

/** Start of the bucket that an instant lies in. */
export function bucketOf(atMs: number, widthMs: number): number {
  return Math.floor(atMs / widthMs) * widthMs;
}

/** Rows of apps and buckets, by what tells them apart within: no text of all three has to be made to find one. */
export class BucketRows<Row> {
  readonly #byApp = new Map<string, Map<number, Map<string, Row>>>();

  /** The row of this place, made where there is none; and whether it was there. */
  at(appId: string, bucketMs: number, key: string, make: () => Row): { row: Row; isNew: boolean } {
    const rows = childOf(childOf(this.#byApp, appId), bucketMs);
    const known = rows.get(key);
    if (known !== undefined) return { row: known, isNew: false };
    const row = make();
    rows.set(key, row);
    return { row, isNew: true };
  }

  /** All rows in the order of their places, in which two transactions that touch the same ones meet them. */
  get sorted(): Row[] {
    return sortedByKey(this.#byApp).flatMap((buckets) =>
      [...buckets].sort(([a], [b]) => a - b).flatMap(([, rows]) => sortedByKey(rows)),
    );
  }

  /** All rows, app by app and bucket by bucket. */
  *[Symbol.iterator](): Generator<Row> {
    for (const buckets of this.#byApp.values()) for (const rows of buckets.values()) yield* rows.values();
  }
}

function childOf<Key, InnerKey, Value>(
  outer: Map<Key, Map<InnerKey, Value>>,
  key: Key,
): Map<InnerKey, Value> {
  const known = outer.get(key);
  if (known !== undefined) return known;
  const made = new Map<InnerKey, Value>();
  outer.set(key, made);
  return made;
}

/** Sums events into rollup rows by the minute. */
export function rollUp(events: readonly BoundedEvent[]): RollupDelta[] {
  const deltas = new BucketRows<RollupDelta>();
  for (const { event, facets } of events) {
    const { appId, latencyUs } = event;
    const bucketMs = bucketOf(event.receivedAtMs, MINUTE_MS);
    const make = () => ({ appId, bucketMs, facets, events: 1, latencyUs });
    const { row, isNew } = deltas.at(appId, bucketMs, facets.id, make);
    if (isNew) continue;
    row.events += 1;
    row.latencyUs += latencyUs;
  }
  return [...deltas];
}

/** Sums rollup rows by the minute into rows by the hour. */
export function rollUpHours(minutes: Iterable<RollupDelta>): RollupSums {
  const hours = new RollupSums();
  for (const minute of minutes) hours.add({ ...minute, bucketMs: bucketOf(minute.bucketMs, HOUR_MS) });
  return hours;
}

/** Rollup rows of several batches, added up. */
export class RollupSums {
  readonly #rows = new BucketRows<RollupDelta>();

  /** Adds a row, which belongs to the sums from then on. */
  add(delta: RollupDelta): void {
    const { row, isNew } = this.#rows.at(delta.appId, delta.bucketMs, delta.facets.id, () => delta);
    if (isNew) return;
    row.events += delta.events;
    row.latencyUs += delta.latencyUs;
  }

  /** What was added so far. */
  get all(): Iterable<RollupDelta> {
    return this.#rows;
  }

  /** The same, sorted by place. */
  get sorted(): RollupDelta[] {
    return this.#rows.sorted;
  }
}

/** The values of a map in the order of its keys, in which two transactions that touch the same rows meet them. */
export function sortedByKey<Value>(map: ReadonlyMap<string, Value>): Value[] {
  // Texts without a function to compare them are compared without leaving the engine.
  return [...map.keys()].sort().map((key) => map.get(key) as Value);
}
