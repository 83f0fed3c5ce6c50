import { type BoundedEvent, HOUR_MS } from './facet-limiter';

/** One row to be added to a rollup table. An absent facet is the empty string. */
export interface RollupDelta {
  readonly appId: string;
  readonly bucketMs: number;
  readonly facet: string;
  readonly verdict: string;
  readonly decidingThreat: string;
  readonly platform: string;
  readonly osVersion: string;
  readonly appVersion: string;
  readonly country: string;
  readonly networkKind: string;
  readonly policyVersion: number;
  events: number;
  latencyUs: number;
}

export const MINUTE_MS = 60_000;

/** Start of the bucket that an instant lies in. */
export function bucketOf(atMs: number, widthMs: number): number {
  return Math.floor(atMs / widthMs) * widthMs;
}

/** Rows of apps and buckets, by what tells them apart within; finding one makes no text. */
export class BucketRows<Key, Row> {
  readonly #byApp = new Map<string, Map<number, Map<Key, Row>>>();
  readonly #all: Row[] = [];

  /** The row of this place, made where there is none; and whether it was there. */
  at(appId: string, bucketMs: number, key: Key, make: () => Row): { row: Row; isNew: boolean } {
    const rows = childOf(childOf(this.#byApp, appId), bucketMs);
    const known = rows.get(key);
    if (known !== undefined) return { row: known, isNew: false };
    const row = make();
    rows.set(key, row);
    this.#all.push(row);
    return { row, isNew: true };
  }

  /** All rows, in the order in which they were made. */
  get all(): Row[] {
    return this.#all;
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
  const deltas = new BucketRows<string, RollupDelta>();
  for (const bounded of events) {
    const { event, combination } = bounded;
    const bucketMs = bucketOf(event.receivedAtMs, MINUTE_MS);
    const { row, isNew } = deltas.at(event.appId, bucketMs, combination.facet, () =>
      firstOf(bounded, bucketMs),
    );
    if (isNew) continue;
    row.events += 1;
    row.latencyUs += event.latencyUs;
  }
  return deltas.all;
}

/** Sums rollup rows by the minute into rows by the hour. */
export function rollUpHours(minutes: Iterable<RollupDelta>): Map<string, RollupDelta> {
  const hours = new Map<string, RollupDelta>();
  for (const minute of minutes) addRollup(hours, { ...minute, bucketMs: bucketOf(minute.bucketMs, HOUR_MS) });
  return hours;
}

/** Adds a row to those of its kind, which become the owner of it. */
export function addRollup(sums: Map<string, RollupDelta>, delta: RollupDelta): void {
  const key = rollupKey(delta.appId, delta.bucketMs, delta.facet);
  const known = sums.get(key);
  if (known === undefined) sums.set(key, delta);
  else {
    known.events += delta.events;
    known.latencyUs += delta.latencyUs;
  }
}

const rollupKey = (appId: string, bucketMs: number, facet: string) => `${appId}\n${bucketMs}\n${facet}`;

/** The values of a map in the order of its keys, in which two transactions that touch the same rows meet them. */
export function sortedByKey<Value>(map: ReadonlyMap<string, Value>): Value[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

function firstOf(
  { event, combination: { osVersion, appVersion, facet } }: BoundedEvent,
  bucketMs: number,
): RollupDelta {
  return {
    appId: event.appId,
    bucketMs,
    facet,
    verdict: event.verdict,
    decidingThreat: event.decidingThreat ?? '',
    platform: event.platform,
    osVersion,
    appVersion,
    country: event.country ?? '',
    networkKind: event.networkKind,
    policyVersion: event.policyVersion,
    events: 1,
    latencyUs: event.latencyUs,
  };
}
