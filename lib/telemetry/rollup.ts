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

/** Sums events into rollup rows by the minute. */
export function rollUp(events: readonly BoundedEvent[]): RollupDelta[] {
  const deltas = new Map<string, RollupDelta>();
  for (const bounded of events) {
    const { event, facet } = bounded;
    const bucketMs = bucketOf(event.receivedAtMs, MINUTE_MS);
    const name = rollupKey(event.appId, bucketMs, facet);
    const delta = deltas.get(name);
    if (delta === undefined) deltas.set(name, firstOf(bounded, bucketMs));
    else {
      delta.events += 1;
      delta.latencyUs += event.latencyUs;
    }
  }
  return [...deltas.values()];
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

function firstOf({ event, osVersion, appVersion, facet }: BoundedEvent, bucketMs: number): RollupDelta {
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
